namespace Bootstrapper.Cluster;

/// <summary>Whose signature a machine's firmware starts programs by.</summary>
internal enum SecureBoot
{
    /// <summary>It starts whatever it is given.</summary>
    Off,

    /// <summary>Microsoft's: Debian's shim, which lets Debian's GRUB and kernels start.</summary>
    Shim,

    /// <summary>The operator's, in its <c>db</c>: one image of kernel, initial RAM disk and command line.</summary>
    Uki,
}
