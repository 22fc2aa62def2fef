using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Boot;

/// <summary>What a machine is doing, by its state and by what was seen of it.</summary>
public sealed class PhaseNowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_machine_that_was_not_switched_on_is_configured_however_long_and_not_stuck() =>
        Assert.Equal(new PhaseNow(NodePhase.Configured, Trouble: null), Of(NodeState.Configured));

    [Fact]
    public void One_that_asks_for_an_address_boots_since_it_did() =>
        Assert.Equal(
            new PhaseNow(NodePhase.Booting, Trouble: null, Now.AddSeconds(-20)),
            Of(NodeState.Configured, (BootStage.Asked, -20), (BootStage.Offered, -19)));

    [Fact]
    public void One_that_gets_no_further_is_stuck_and_one_that_was_seen_long_ago_does_not_boot_any_more()
    {
        var stuck = Of(NodeState.Configured, (BootStage.Asked, -300));
        Assert.Equal(NodePhase.Stuck, stuck.Phase);
        Assert.Contains("is offered none", stuck.Trouble!.Reason, StringComparison.Ordinal);
        Assert.Equal(NodePhase.Configured, Of(NodeState.Configured, (BootStage.LiveSystem, -3000)).Phase);
    }

    [Fact]
    public void One_that_failed_says_why_and_one_that_was_installed_restarts()
    {
        Assert.Equal(NodePhase.Restarting, Of(NodeState.Installed).Phase);
        var failed = PhaseNow.Of(new Situation(Record(NodeState.Failed) with { Message = "its record is lost" }, [], Now));
        Assert.Equal(NodePhase.Failed, failed.Phase);
        Assert.EndsWith("its record is lost", failed.Trouble!.Reason, StringComparison.Ordinal);
    }

    private static PhaseNow Of(NodeState state, params (BootStage Stage, int Seconds)[] seen) =>
        PhaseNow.Of(new Situation(Record(state), [.. seen.Select(one => Seen(one.Stage, Now.AddSeconds(one.Seconds)))], Now));

    private static NodeRecord Record(NodeState state) =>
        NodeRecord.New(Sample.Node(), Now.AddHours(-2)) with { State = state };

    private static TimelineEvent Seen(BootStage stage, DateTimeOffset at) => new(Sample.Node().Mac, EventKind.Dhcp, $"{stage}")
    {
        Id = (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        Stage = stage,
    };
}
