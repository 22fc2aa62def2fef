using System.Security.Cryptography;
using Bootstrapper.Cluster;
using Bootstrapper.Images.SecureBoot;
using Bootstrapper.Model;

namespace Bootstrapper.Images;

/// <summary>
/// The programs that firmware loads over TFTP, from Debian's packages. What the operator put there or changed wins: a file is
/// ours as long as it is what we wrote.
/// </summary>
internal static class BootLoaders
{
    private const string Installers = "/usr/lib/debian-installer/images";

    /// <summary>
    /// The only package with GRUB for arm64 that can be installed on every kind of machine; that GRUB boots anything. Each Debian
    /// has its own.
    /// </summary>
    private static readonly string
        Installer = Directory.Exists($"{Installers}/12") ? "12" : "13",
        Arm64Package = $"debian-installer-{Installer}-netboot-arm64",
        Arm64Installer = $"{Installers}/{Installer}/arm64/text/debian-installer/arm64";

    private static readonly IReadOnlyList<LoaderFile> All =
    [
        new("undionly.kpxe", "/usr/lib/ipxe/undionly.kpxe", "ipxe"),
        new("snponly.efi", "/usr/lib/ipxe/snponly.efi", "ipxe"),
        new("ipxe.efi", "/usr/lib/ipxe/ipxe.efi", "ipxe"),
        new("ipxe-arm64.efi", "/usr/lib/ipxe/ipxe-arm64.efi", "ipxe of Debian 13"),
        new("pxelinux.0", "/usr/lib/PXELINUX/pxelinux.0", "pxelinux"),
        new("lpxelinux.0", "/usr/lib/PXELINUX/lpxelinux.0", "pxelinux"),
        new("ldlinux.c32", "/usr/lib/syslinux/modules/bios/ldlinux.c32", "syslinux-common"),
        new("grubnetx64.efi", "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed", "grub-efi-amd64-signed"),
        new("grub/x86_64-efi/http.mod", "/usr/lib/grub/x86_64-efi/http.mod", "grub-efi-amd64-bin"),
        new("grubnetaa64.efi", $"{Arm64Installer}/grubaa64.efi", Arm64Package),
        new($"{LoaderChoice.GrubDirectoryOnArm64}/arm64-efi/http.mod", $"{Arm64Installer}/grub/arm64-efi/http.mod", Arm64Package),
        new("shimx64.efi", "/usr/lib/shim/shimx64.efi.signed", "shim-signed"),
        new("grubx64.efi", "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed", "grub-efi-amd64-signed of Debian 13")
        {
            IsFit = GrubWithHttp.IsIn,
        },
    ];

    private const int MostNamed = 5;

    /// <summary>Links lead elsewhere: kernels are read by us alone.</summary>
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Under <c>tftpboot/</c>, leads to <c>www/</c>: kernels lie there once, for TFTP and HTTP alike.</summary>
    private const string ImagesLink = "os";

    /// <returns>What became of each.</returns>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public static IReadOnlyList<InstalledLoader> Install(Bsroot bsroot)
    {
        Bsroot.MakeDirectory(bsroot.Www);
        Bsroot.MakeDirectory(bsroot.TftpRoot);
        var link = Path.Combine(bsroot.TftpRoot, ImagesLink);
        if (!Path.Exists(link))
        {
            File.CreateSymbolicLink(link, Path.GetRelativePath(bsroot.TftpRoot, bsroot.Www));
        }

        var record = BootLoaderRecord.Read(bsroot);
        var packages = DebianPackages.Versions();
        var installed = All.Select(loader => Install(bsroot, loader, record, packages)).ToList();
        record.Write(bsroot);
        return installed;
    }

    /// <summary>Loaders that are needed and not there; where they come from, for the operator.</summary>
    /// <param name="cluster">Says which its machines want; without it, those that any cluster needs.</param>
    public static IReadOnlyList<string> Missing(Bsroot bsroot, ClusterDescription? cluster = null) =>
    [
        .. Needed(cluster).Distinct(StringComparer.Ordinal).Where(name => !File.Exists(Path.Combine(bsroot.TftpRoot, name)))
            .Select(name => $"tftpboot/{name} is missing: install Debian's "
                + $"{All.Single(loader => loader.Name == name).Package}, or put it there"),
    ];

    /// <summary>Files that are there, and that dnsmasq, which runs as another user, cannot send.</summary>
    public static IReadOnlyList<string> Unreadable(Bsroot bsroot) =>
    [
        .. Closed(bsroot.TftpRoot).Select(path =>
            $"{path} cannot be read by dnsmasq, which runs as another user: "
                + $"chmod a+{(Directory.Exists(path) ? "rx" : "r")} {path}"),
    ];

    private static IEnumerable<string> Closed(string root) => !Directory.Exists(root) ? [] :
        Directory.EnumerateDirectories(root, "*", Everything).Prepend(root)
            .Where(folder => Lacks(folder, UnixFileMode.OtherExecute))
            .Concat(Directory.EnumerateFiles(root, "*", Everything).Where(file => Lacks(file, UnixFileMode.OtherRead)))
            .Order(StringComparer.Ordinal).Take(MostNamed);

    /// <summary>Boot files come and go while this looks.</summary>
    private static bool Lacks(string path, UnixFileMode mode)
    {
        try
        {
            return !File.GetUnixFileMode(path).HasFlag(mode);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// iPXE, to which every machine comes that cannot run the loader it is to have; and those loaders, but for what operators
    /// make.
    /// </summary>
    private static IEnumerable<string> Needed(ClusterDescription? cluster) =>
        [Firmware.Bios.Loader, Firmware.X64.Loader, .. cluster is null ? [] : Chosen(cluster).SelectMany(choice => choice.Files)];

    private static IEnumerable<LoaderChoice> Chosen(ClusterDescription cluster) =>
        cluster.Nodes.Select(node => node.BootLoader).Append(cluster.BootLoader).Select(LoaderChoice.Of).OfType<LoaderChoice>()
            .Where(choice => choice.Loader != BootLoader.Uki);

    private static InstalledLoader Install(
        Bsroot bsroot, LoaderFile loader, BootLoaderRecord record, IReadOnlyDictionary<string, string> packages)
    {
        var ours = File.Exists(loader.Source) && loader.IsFit(loader.Source) ? Sha256(loader.Source) : null;
        var theirs = Sha256(At(bsroot, loader));
        if (theirs is not null && theirs != ours && theirs != record.Find(loader.Name)?.Sha256)
        {
            record.Forget(loader.Name);
            return new InstalledLoader(loader.Name, "yours, not changed");
        }

        if (ours is null)
        {
            return new InstalledLoader(loader.Name, theirs is null
                ? $"not there; it is in Debian's {loader.Package}"
                : "kept; Debian's package is not installed here");
        }

        if (theirs != ours)
        {
            Bsroot.Write(At(bsroot, loader), File.ReadAllBytes(loader.Source));
        }

        var version = packages.GetValueOrDefault(loader.Package.Split(' ')[0], "of unknown version");
        record.Set(new RecordedLoader(loader.Name, loader.Package, version, ours));
        return new InstalledLoader(loader.Name, $"{loader.Package} {version}");
    }

    private static string At(Bsroot bsroot, LoaderFile loader) => Path.Combine(bsroot.TftpRoot, loader.Name);

    /// <returns><c>null</c> where there is no such file.</returns>
    private static string? Sha256(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private sealed record LoaderFile(string Name, string Source, string Package)
    {
        /// <summary>Whether the file of the package that is installed here does what it is for.</summary>
        public Func<string, bool> IsFit { get; init; } = _ => true;
    }
}

/// <summary>What became of one boot loader, as an operator reads it.</summary>
internal sealed record InstalledLoader(string Name, string Outcome);
