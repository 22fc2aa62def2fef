namespace Bootstrapper.Power;

/// <summary>Whether a machine is switched on, as its BMC has it.</summary>
internal enum PowerState
{
    Off,
    On,
}

/// <summary>What an operator wants of a machine's power.</summary>
internal enum PowerChange
{
    On,

    /// <summary>At once, as if the cable were pulled.</summary>
    Off,

    /// <summary>Off and on again, at once; one that is off is switched on.</summary>
    Cycle,
}

/// <summary>What a machine boots, the next time and only then.</summary>
internal enum BootDevice
{
    Network,
    Disk,
}
