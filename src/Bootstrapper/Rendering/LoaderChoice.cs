using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// A loader that is not iPXE, for the kind of firmware that can run it. Nodes that want it get it there, even from a network
/// card that is iPXE already, and iPXE everywhere else.
/// </summary>
/// <param name="File">In <c>tftpboot/</c>.</param>
internal sealed record LoaderChoice(string Name, BootLoader Loader, Firmware Firmware, string File)
{
    public static readonly IReadOnlyList<LoaderChoice> All =
    [
        new("pxelinux", BootLoader.Pxelinux, Firmware.Bios, "pxelinux.0"),
        new("lpxelinux", BootLoader.Lpxelinux, Firmware.Bios, "lpxelinux.0"),
        new("grub", BootLoader.Grub, Firmware.X64, "grubnetx64.efi"),
    ];

    /// <summary>In <c>tftpboot/</c>: the loader, and what it loads of itself.</summary>
    public IReadOnlyList<string> Files => [File, Loader == BootLoader.Grub ? "grub/x86_64-efi/http.mod" : "ldlinux.c32"];

    /// <summary><c>null</c> for iPXE.</summary>
    public static LoaderChoice? Of(BootLoader loader) => All.FirstOrDefault(choice => choice.Loader == loader);
}
