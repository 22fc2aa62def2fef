using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>The wire form of why a machine is stuck.</summary>
/// <param name="Since">When it came into its state.</param>
/// <param name="Findings">Empty when nothing is wrong, or not yet.</param>
internal sealed record WhyView(
    string HostName, NodeState State, DateTimeOffset Since, bool Held, IReadOnlyList<StuckReason> Findings)
{
    /// <summary>Whether it is on, as its BMC says; <c>null</c> where that was not asked, or not answered.</summary>
    public PowerState? Power { get; init; }

    /// <param name="name">As the description has it now, which may be another than when its record was written.</param>
    public static WhyView Of(string name, Situation machine) =>
        new(
            name,
            machine.Record.State,
            machine.Record.Since,
            machine.Record.Held,
            StuckRules.Diagnose(machine))
        {
            Power = machine.Power?.State,
        };
}
