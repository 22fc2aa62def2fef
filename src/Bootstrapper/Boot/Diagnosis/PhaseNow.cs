using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>How a machine is doing, as operators ask: its state, and where that leaves it open, what was seen of it.</summary>
/// <param name="Trouble">Why it failed or is stuck; <c>null</c> where nothing is wrong.</param>
/// <param name="Since">When it began what it does, where that is not when it came into its state.</param>
internal sealed record PhaseNow(NodePhase Phase, StuckReason? Trouble, DateTimeOffset? Since = null)
{
    public static PhaseNow Of(Situation machine)
    {
        // one that nobody has switched on yet has no fault
        var trouble = StuckRules.Diagnose(machine).FirstOrDefault(found => found.Rule != StuckRules.NoRequest);
        return machine.Record.State == NodeState.Failed ? new(NodePhase.Failed, trouble)
            : trouble is not null ? new(NodePhase.Stuck, trouble)
            : machine.IsBooting ? new(NodePhase.Booting, Trouble: null, machine.BootBegan)
            : new(PhaseOf(machine.Record.State), Trouble: null);
    }

    private static NodePhase PhaseOf(NodeState state) => state switch
    {
        NodeState.Discovered => NodePhase.Discovered,
        NodeState.Configured => NodePhase.Configured,
        NodeState.Installing => NodePhase.Installing,
        NodeState.Installed => NodePhase.Restarting,
        _ => NodePhase.Running,
    };
}

/// <summary>What a machine is doing; what needs somebody comes first.</summary>
internal enum NodePhase
{
    Failed,

    /// <summary>It gets no further, and one of the rules says why.</summary>
    Stuck,

    /// <summary>It asks what to boot, or loads it, and is to be installed.</summary>
    Booting,

    Installing,

    /// <summary>It is installed, and has not been heard of since.</summary>
    Restarting,

    /// <summary>It is to be installed, and has not been switched on.</summary>
    Configured,

    /// <summary>Seen, but not in the description.</summary>
    Discovered,

    Running,
}
