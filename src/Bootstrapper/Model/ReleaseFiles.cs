using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>What a release of the operating system calls its files, its installer and its kernel arguments.</summary>
/// <param name="Installer">Program of the live system that writes the image to a disk.</param>
/// <param name="UserData">
/// Where the installed system looks for its cloud-config, from the root of the partition labelled ROOT.
/// </param>
/// <param name="Arguments">Prefix of kernel arguments.</param>
internal sealed record ReleaseFiles(
    string Kernel, string Initrd, string Image, string Installer, string UserData, string Arguments)
{
    /// <summary>The image as we pack it again for machines that have zstd.</summary>
    public string Transcoded => Path.ChangeExtension(Image, ".zst");

    public static ReleaseFiles Of(OperatingSystemName name) => name switch
    {
        OperatingSystemName.CoreOS => Named("coreos"),
        _ => Named("flatcar"),
    };

    private static ReleaseFiles Named(string name) => new(
        $"{name}_production_pxe.vmlinuz",
        $"{name}_production_pxe_image.cpio.gz",
        $"{name}_production_image.bin.bz2",
        $"{name}-install",
        $"var/lib/{name}-install/user_data",
        name);
}
