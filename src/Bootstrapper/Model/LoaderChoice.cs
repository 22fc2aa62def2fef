using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// A loader that is not iPXE, for the kind of firmware that can run it. Nodes that want it get it there, even from a network
/// card that is iPXE already, and iPXE everywhere else.
/// </summary>
/// <param name="Name">The first of those for one <paramref name="Loader"/> has the name by which nodes are tagged.</param>
/// <param name="File">In <c>tftpboot/</c>; shim looks for <paramref name="Part"/> beside itself.</param>
/// <param name="Part">Likewise; what the loader loads of itself. <c>null</c> where it is whole.</param>
internal sealed record LoaderChoice(string Name, BootLoader Loader, Firmware Firmware, string File, string? Part = null)
{
    /// <summary>
    /// Under <c>tftpboot/</c>, where Debian's network GRUB looks for all that is not in it: that for x86-64, and that of its
    /// installer for arm64.
    /// </summary>
    public const string GrubDirectory = "grub", GrubDirectoryOnArm64 = "debian-installer/arm64/grub";

    public static readonly IReadOnlyList<LoaderChoice> All =
    [
        new("pxelinux", BootLoader.Pxelinux, Firmware.Bios, "pxelinux.0", "ldlinux.c32"),
        new("lpxelinux", BootLoader.Lpxelinux, Firmware.Bios, "lpxelinux.0", "ldlinux.c32"),
        new("grub", BootLoader.Grub, Firmware.X64, "grubnetx64.efi", $"{GrubDirectory}/x86_64-efi/http.mod"),
        new("grub-arm64", BootLoader.Grub, Firmware.Arm64, "grubnetaa64.efi", $"{GrubDirectoryOnArm64}/arm64-efi/http.mod"),
        new("shim", BootLoader.Shim, Firmware.X64, "shimx64.efi", "grubx64.efi") { IsSigned = true },
        new("uki", BootLoader.Uki, Firmware.X64, "uki.efi") { IsSigned = true },
    ];

    /// <summary>
    /// Whether firmware that starts signed programs only starts it. Who wants it gets it when it boots over HTTP, too, and
    /// nothing else where its firmware cannot run it: iPXE is not signed.
    /// </summary>
    public bool IsSigned { get; private init; }

    public IReadOnlyList<string> Files => Part is null ? [File] : [File, Part];

    /// <summary>The one that machines without anything unusual want; <c>null</c> for iPXE.</summary>
    public static LoaderChoice? Of(BootLoader loader) => All.FirstOrDefault(choice => choice.Loader == loader);
}
