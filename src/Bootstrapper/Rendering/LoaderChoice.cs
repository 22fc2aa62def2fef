using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// A loader that is not iPXE, for the kind of firmware that can run it. Nodes that want it get it there, even from a network
/// card that is iPXE already, and iPXE everywhere else.
/// </summary>
/// <param name="Name">The first of those for one <paramref name="Loader"/> has the name by which nodes are tagged.</param>
/// <param name="File">In <c>tftpboot/</c>.</param>
/// <param name="Part">Likewise; what the loader loads of itself.</param>
internal sealed record LoaderChoice(string Name, BootLoader Loader, Firmware Firmware, string File, string Part)
{
    public static readonly IReadOnlyList<LoaderChoice> All =
    [
        new("pxelinux", BootLoader.Pxelinux, Firmware.Bios, "pxelinux.0", "ldlinux.c32"),
        new("lpxelinux", BootLoader.Lpxelinux, Firmware.Bios, "lpxelinux.0", "ldlinux.c32"),
        new("grub", BootLoader.Grub, Firmware.X64, "grubnetx64.efi", $"{GrubConfig.Directory}/x86_64-efi/http.mod"),
        new("grub-arm64", BootLoader.Grub, Firmware.Arm64, "grubnetaa64.efi", $"{GrubConfig.DirectoryOnArm64}/arm64-efi/http.mod"),
    ];

    public IReadOnlyList<string> Files => [File, Part];

    /// <summary>The one that machines without anything unusual want; <c>null</c> for iPXE.</summary>
    public static LoaderChoice? Of(BootLoader loader) => All.FirstOrDefault(choice => choice.Loader == loader);
}
