namespace Bootstrapper.Inventory.Timelines;

/// <summary>How far a machine gets on its way from its firmware to the live system, in order.</summary>
internal enum BootStage
{
    None,

    /// <summary>It asks for an address.</summary>
    Asked,

    /// <summary>We offered one.</summary>
    Offered,

    /// <summary>It has one.</summary>
    Addressed,

    /// <summary>It loaded a boot loader.</summary>
    Loader,

    /// <summary>The boot loader asked what to boot.</summary>
    Script,

    /// <summary>It loaded a kernel, or the initial RAM disk that comes after it.</summary>
    Kernel,

    /// <summary>The live system asked what to do.</summary>
    LiveSystem,
}
