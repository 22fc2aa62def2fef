namespace Bootstrapper.Cluster;

/// <summary>What a machine boots over the network in place of the release's live system: any Linux.</summary>
/// <param name="Kernel">A path below <c>www/</c>, or a URL.</param>
/// <param name="Initrd">Likewise, in the order in which the kernel unpacks them; may be empty.</param>
/// <param name="Args">The kernel's command line, with variables such as <c>${mac}</c> in it.</param>
internal sealed record BootSettings(string Kernel, IReadOnlyList<string> Initrd, IReadOnlyList<string> Args)
{
    /// <summary>Whether the system stays in memory: then nothing is installed, and the machine boots it every time.</summary>
    public bool MemoryOnly { get; init; }
}

/// <summary>The program that firmware loads first, and that loads the kernel.</summary>
internal enum BootLoader
{
    /// <summary>iPXE, which takes the kernel over HTTP.</summary>
    Auto,

    /// <summary>Everything over TFTP. BIOS only: UEFI machines take iPXE.</summary>
    Pxelinux,

    /// <summary>pxelinux itself over TFTP, the rest over HTTP. BIOS only, likewise.</summary>
    Lpxelinux,

    Ipxe,

    /// <summary>UEFI on x86-64 only: other machines take iPXE.</summary>
    Grub,
}
