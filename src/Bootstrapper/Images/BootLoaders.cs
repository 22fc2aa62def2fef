namespace Bootstrapper.Images;

/// <summary>
/// The programs that firmware loads over TFTP, from Debian's packages <c>pxelinux</c>, <c>syslinux-common</c>, <c>ipxe</c>, <c>grub-efi-amd64-signed</c> and <c>grub-efi-amd64-bin</c>. What the
/// operator put there wins.
/// </summary>
internal static class BootLoaders
{
    private static readonly IReadOnlyDictionary<string, string> Sources = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["pxelinux.0"] = "/usr/lib/PXELINUX/pxelinux.0",
        ["lpxelinux.0"] = "/usr/lib/PXELINUX/lpxelinux.0",
        ["ldlinux.c32"] = "/usr/lib/syslinux/modules/bios/ldlinux.c32",
        ["undionly.kpxe"] = "/usr/lib/ipxe/undionly.kpxe",
        ["ipxe.efi"] = "/usr/lib/ipxe/ipxe.efi",
        ["snponly.efi"] = "/usr/lib/ipxe/snponly.efi",
        ["grub/x86_64-efi/http.mod"] = "/usr/lib/grub/x86_64-efi/http.mod",
        ["grubnetx64.efi"] = "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed",
    };

    /// <summary>Under <c>tftpboot/</c>, leads to <c>www/</c>: kernels lie there once, for TFTP and HTTP alike.</summary>
    private const string ImagesLink = "os";

    /// <exception cref="IOException">The data root cannot be written.</exception>
    public static void Install(Bsroot bsroot)
    {
        Directory.CreateDirectory(bsroot.Www);
        Directory.CreateDirectory(bsroot.TftpRoot);
        foreach (var (name, source) in Sources.Where(loader => !Exists(bsroot, loader.Key) && File.Exists(loader.Value)))
        {
            Bsroot.Write(Path.Combine(bsroot.TftpRoot, name), File.ReadAllBytes(source));
        }

        var link = Path.Combine(bsroot.TftpRoot, ImagesLink);
        if (!Path.Exists(link))
        {
            File.CreateSymbolicLink(link, Path.GetRelativePath(bsroot.TftpRoot, bsroot.Www));
        }
    }

    /// <summary>Names of loaders without which no machine boots; where they come from, for the operator.</summary>
    public static IReadOnlyList<string> Missing(Bsroot bsroot) =>
        [.. Sources.Where(loader => !Exists(bsroot, loader.Key)).Select(loader => $"tftpboot/{loader.Key} is missing: install Debian's pxelinux, syslinux-common, ipxe, grub-efi-amd64-signed and grub-efi-amd64-bin, or put it there")];

    private static bool Exists(Bsroot bsroot, string name) => File.Exists(Path.Combine(bsroot.TftpRoot, name));
}
