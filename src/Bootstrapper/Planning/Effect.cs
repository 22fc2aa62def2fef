namespace Bootstrapper.Planning;

/// <summary>When a change reaches what it is for. The later ones weigh more: of several the last counts.</summary>
internal enum Effect
{
    /// <summary>It is for something that the machine never does.</summary>
    Nothing,

    /// <summary>By itself, while all goes on: at the next lease, or as soon as a file is read again.</summary>
    InPlace,

    /// <summary>The next time that it boots from the network.</summary>
    NextBoot,

    /// <summary>A program is started again for it.</summary>
    Restart,

    /// <summary>Only with another installation.</summary>
    Reinstall,
}

/// <summary>Parts of what one node is given.</summary>
[Flags]
internal enum Given
{
    None = 0,

    /// <summary>Its lines of dnsmasq's hosts: address, name, and which boot loader it is sent.</summary>
    Addresses = 1,

    /// <summary>Kernel, initial RAM disks and arguments, as pxelinux, iPXE and GRUB are told them.</summary>
    Boot = 2,

    InstallScript = 4,

    /// <summary>Its cloud-config or Ignition config.</summary>
    Config = 8,

    /// <summary>The operator's plain text.</summary>
    Generic = 16,
}

/// <summary>How a description that follows another stands to a node.</summary>
internal enum Change
{
    Changed,

    /// <summary>It is a node from now on.</summary>
    Added,

    /// <summary>It is none any more.</summary>
    Removed,
}
