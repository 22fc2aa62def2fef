namespace Bootstrapper.Cluster;

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

    /// <summary>
    /// With Secure Boot, for UEFI on x86-64, where it is signed and loads GRUB that is; other firmware gets none. Follows from
    /// <see cref="Traits.SecureBoot"/>, and cannot be chosen by name.
    /// </summary>
    Shim,

    /// <summary>
    /// No loader but all that it would load, in one image that the operator signed; likewise, where firmware has the operator's
    /// certificate.
    /// </summary>
    Uki,
}
