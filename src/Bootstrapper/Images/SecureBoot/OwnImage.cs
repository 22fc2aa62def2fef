using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Images.SecureBoot;

/// <summary>
/// The image that machines with <c>secure_boot: uki</c> start, and whether they would: the firmware by its signature, what is
/// in it by the root that it trusts, and the address that it asks.
/// </summary>
internal static class OwnImage
{
    public const string Maker = "docker/uki.sh";

    private const string Asks = "cloud-config-url=", Script = "/start.sh";

    private static readonly LoaderChoice Image = LoaderChoice.Of(BootLoader.Uki)!;

    private static string Name => $"tftpboot/{Image.File}";

    /// <returns>Nothing where no machine is to start it.</returns>
    public static IEnumerable<Problem> Check(ClusterDescription cluster, Bsroot bsroot)
    {
        if (cluster.BootLoader != BootLoader.Uki && cluster.Nodes.All(node => node.BootLoader != BootLoader.Uki))
        {
            return [];
        }

        var file = Path.Combine(bsroot.TftpRoot, Image.File);
        return File.Exists(file)
            ? Objections(file, cluster, bsroot).Select(problem =>
                problem with { Message = $"{problem.Message} (docs/secure-boot.md)", File = Name })
            :
            [
                Problem.Warning("", $"{Name} is missing: no machine with secure_boot: uki boots; {Maker} makes it "
                    + "(docs/secure-boot.md)"),
            ];
    }

    private static IEnumerable<Problem> Objections(string file, ClusterDescription cluster, Bsroot bsroot)
    {
        SignedProgram image;
        X509Certificate2? own;
        try
        {
            image = SignedProgram.Read(file);
            own = File.Exists(bsroot.SecureBootCertificate) ? SecureBootKey.Read(bsroot) : null;
        }
        catch (Exception e) when (e is InvalidDataException or PkiException or IOException or UnauthorizedAccessException)
        {
            return [Problem.Error("", e.Message)];
        }

        using (own)
        {
            Problem?[] all =
            [
                OfSignature(image, own),
                OfCommandLine(image, cluster),
                OfRoot(image, bsroot),
                OfNextRoot(image, bsroot),
                OfLiveSystem(image, bsroot),
            ];
            return [.. all.OfType<Problem>()];
        }
    }

    private static Problem? OfSignature(SignedProgram image, X509Certificate2? own) =>
        image.Objection(own, "secureboot/db.crt") is { } objection
            ? Problem.Error("", $"{objection}: no machine starts it")
            : own is null
            ? Problem.Warning("", "cannot be compared with the certificate in the machines' firmware: secureboot/db.crt is "
                + "missing; put a copy of it there")
            : null;

    private static Problem? OfCommandLine(SignedProgram image, ClusterDescription cluster)
    {
        if (image.Section(".cmdline") is not { } section)
        {
            return Problem.Error("", $"has no command line in it: {Maker} makes one that has");
        }

        var words = Encoding.UTF8.GetString(section).TrimEnd('\0').Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var asked = words.LastOrDefault(word => word.StartsWith(Asks, StringComparison.Ordinal))?[Asks.Length..];
        var ours = OurScripts(cluster).ToList();
        var missing = cluster.Os.KernelArguments.Except(words, StringComparer.Ordinal).ToList();
        return asked is null
            ? Problem.Error("", $"does not say in its command line where to ask ({Asks}): run {Maker} again")
            : !ours.Contains(asked, StringComparer.Ordinal)
            ? Problem.Error("", $"asks {Host.Printable.Escaped(asked)}, and this bootstrapper is asked at "
                + $"{string.Join(" or ", ours)}: run {Maker} again")
            : missing.Count > 0
            ? Problem.Warning("", $"has nothing of {string.Join(' ', missing)} in its command line, which is signed, and so "
                + $"os.kernel_args does not reach its machines: run {Maker} again, with --args")
            : null;
    }

    private static IEnumerable<string> OurScripts(ClusterDescription cluster) =>
        cluster.Networks.Select(network => Urls.Secure(cluster.SeenFrom(network))).Prepend(Urls.Secure(cluster))
            .Append(Urls.SecureByName(cluster)).Distinct(StringComparer.Ordinal).Select(url => url + Script);

    /// <summary>Before the first start there is no root that could be another one.</summary>
    private static Problem? OfRoot(SignedProgram image, Bsroot bsroot) => Trusts(image, bsroot.ClusterRoot.Certificate)
        ? null
        : Problem.Error("", $"was made for another CA than that in ca.crt: what it starts would not trust us; run {Maker} again");

    private static Problem? OfNextRoot(SignedProgram image, Bsroot bsroot) => Trusts(image, bsroot.ClusterRoot.Next)
        ? null
        : Problem.Warning("", "does not trust the root that is to sign next: before 'pki rotate-ca --switch' run "
            + $"{Maker} again, with --root {bsroot.ClusterRoot.Next}");

    /// <returns>Also where there is no such root, or it cannot be read: the roots' own check tells.</returns>
    private static bool Trusts(SignedProgram image, string file)
    {
        try
        {
            return !File.Exists(file)
                || RootCheck.Certificates(RootCheck.ReadFile(file)) is not [var root, ..]
                || (image.Section(".initrd") is { } disk && Holds(disk, root));
        }
        catch (PkiException)
        {
            return true;
        }
    }

    /// <summary>ukify takes both files as they are; the certificates are behind the second.</summary>
    private static Problem? OfLiveSystem(SignedProgram image, Bsroot bsroot) =>
        BeginsWith(image.Section(".linux"), Path.Combine(bsroot.Www, SignedLiveSystem.Kernel))
            && BeginsWith(image.Section(".initrd"), Path.Combine(bsroot.Www, SignedLiveSystem.Initrd))
            ? null
            : Problem.Warning("", "was made of another live system than that in www/debian-live, such as an older one: "
                + $"run {Maker} again");

    /// <returns>Also where the file is not there: the image may have been made elsewhere.</returns>
    private static bool BeginsWith(byte[]? section, string file)
    {
        try
        {
            return !File.Exists(file) || (section ?? []).AsSpan().StartsWith(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Lines are as whoever made the file broke them.</summary>
    private static bool Holds(byte[] disk, X509Certificate2 root)
    {
        var text = Convert.ToBase64String(root.RawData);
        var first = Encoding.ASCII.GetBytes(text[..Math.Min(text.Length, LineLength)]);
        for (var rest = disk.AsSpan(); rest.IndexOf(first) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var lines = Encoding.ASCII.GetString(rest[at..Math.Min(rest.Length, at + text.Length * 2)]);
            if (string.Concat(lines.Where(letter => !char.IsWhiteSpace(letter))).StartsWith(text, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As PEM has it (RFC 7468, 2).</summary>
    private const int LineLength = 64;
}
