using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Model;

namespace Bootstrapper.Images.SecureBoot;

/// <summary>
/// The signed programs that machines with Secure Boot start one after the other, and whether each would be started: a machine
/// that refuses one says so on its screen alone.
/// </summary>
internal static class SignedChain
{
    private const Cluster.SecureBoot ByShim = Cluster.SecureBoot.Shim;

    private static LoaderChoice Shim => LoaderChoice.Of(BootLoader.Shim)!;

    /// <returns>
    /// What is wrong with the loaders and the live system; nothing where they are not needed, or a loader is not there.
    /// </returns>
    public static IReadOnlyList<string> Refused(Bsroot bsroot, ClusterDescription cluster) =>
        IsNeeded(cluster) ? [.. Loaders(bsroot), .. LiveSystem(bsroot, cluster)] : [];

    /// <summary>All of it, for <c>check</c>.</summary>
    public static IEnumerable<Problem> Check(ClusterDescription cluster, Bsroot bsroot) =>
        !IsNeeded(cluster) ? [] :
        [
            .. Shim.Files.Where(file => !File.Exists(At(bsroot, file))).Select(file => $"tftpboot/{file} is missing")
                .Concat(Loaders(bsroot)).Concat(LiveSystem(bsroot, cluster))
                .Select(text => Problem.Warning("", $"{text}: no machine with Secure Boot boots (docs/secure-boot.md)")),
            .. OfKernels(cluster, bsroot),
        ];

    /// <returns>An error for each kernel of ours that shim would refuse, named as the description names it.</returns>
    private static IEnumerable<Problem> OfKernels(ClusterDescription cluster, Bsroot bsroot)
    {
        using var vendor = VendorOfShim(bsroot);
        foreach (var kernel in Kernels(cluster))
        {
            if (PathOf(kernel, cluster, bsroot) is { } path && File.Exists(path)
                && Objection(path, vendor, $"Debian's shim (tftpboot/{Shim.File})") is { } objection)
            {
                var message = $"{Printable.Escaped(kernel)} {objection}: with secure_boot no machine starts it. "
                    + "Take a kernel that Debian signed (docs/secure-boot.md)";
                yield return Problem.Error("", message) with { File = kernel };
            }
        }
    }

    /// <summary>As the description names them, or by where ours is. Unknown machines boot the same live system.</summary>
    private static IEnumerable<string> Kernels(ClusterDescription cluster) =>
        cluster.Nodes.Where(node => node.SecureBoot == ByShim).Select(node => node.Boot?.Kernel ?? SignedLiveSystem.Kernel)
            .Concat(cluster is { SecureBoot: ByShim, UnknownNodes: not UnknownNodes.Ignore } ? [SignedLiveSystem.Kernel] : [])
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> LiveSystem(Bsroot bsroot, ClusterDescription cluster) =>
        Kernels(cluster).Contains(SignedLiveSystem.Kernel, StringComparer.Ordinal)
            ? new[] { SignedLiveSystem.Kernel, SignedLiveSystem.Initrd }
                .Where(file => !File.Exists(Path.Combine(bsroot.Www, file)))
                .Select(file => $"www/{file} is missing: {SignedLiveSystem.Maker} makes it")
            : [];

    private static bool IsNeeded(ClusterDescription cluster) =>
        cluster.SecureBoot == ByShim || cluster.Nodes.Any(node => node.SecureBoot == ByShim);

    private static IEnumerable<string> Loaders(Bsroot bsroot)
    {
        var (shim, grub) = (At(bsroot, Shim.File), At(bsroot, Shim.Part!));
        using var vendor = VendorOfShim(bsroot);
        if (File.Exists(shim) && Objection(shim, root: null, "") is { } ofShim)
        {
            yield return $"tftpboot/{Shim.File} {ofShim}";
        }

        if (!File.Exists(grub))
        {
            yield break;
        }

        if (Objection(grub, vendor, $"tftpboot/{Shim.File}") is { } ofGrub)
        {
            yield return $"tftpboot/{Shim.Part} {ofGrub}";
        }
        else if (!GrubWithHttp.IsIn(grub))
        {
            yield return $"tftpboot/{Shim.Part} cannot load anything over HTTP: take that of Debian 13 or later";
        }
    }

    private static string? Objection(string file, X509Certificate2? root, string whose)
    {
        try
        {
            return SignedProgram.Read(file).Objection(root, whose);
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read ({e.Message})";
        }
    }

    private static X509Certificate2? VendorOfShim(Bsroot bsroot)
    {
        try
        {
            return SignedProgram.Read(At(bsroot, Shim.File)).VendorOfShim();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string At(Bsroot bsroot, string loader) => Path.Combine(bsroot.TftpRoot, loader);

    /// <summary>Somebody else's server is not asked.</summary>
    private static string? PathOf(string kernel, ClusterDescription cluster, Bsroot bsroot) =>
        Urls.BelowWww(cluster, Urls.File(cluster, kernel)) is { } path ? Path.Combine(bsroot.Www, path) : null;
}
