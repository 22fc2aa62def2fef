namespace Bootstrapper.Model;

/// <summary>What a machine is told when it asks the network what to boot.</summary>
internal enum BootTarget
{
    LocalDisk,

    /// <summary>The live system, which runs the install script.</summary>
    Install,

    /// <summary>A system that stays in memory; there is nothing to install.</summary>
    Memory,
}
