using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Power;

namespace Bootstrapper.Tests.Boot;

public sealed class StuckRulesTests
{
    /// <summary>Recorded timelines of machines with which nothing is wrong begin so.</summary>
    private const string Well = "well-";

    public static TheoryData<string> Timelines => [.. RecordedTimelines.Names()];

    [Theory]
    [MemberData(nameof(Timelines))]
    public void A_rule_speaks_on_its_own_timeline_and_on_no_other(string timeline) => Assert.Equal(
        timeline.StartsWith(Well, StringComparison.Ordinal) ? [] : [RuleOf(timeline)],
        StuckRules.Diagnose(RecordedTimelines.Load(timeline)).Select(finding => finding.Rule));

    [Fact]
    public void Every_rule_has_a_recorded_timeline() =>
        Assert.Empty(StuckRules.All.Select(rule => rule.Name).Except(RecordedTimelines.Names(), StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Timelines))]
    public void Nobody_is_called_stuck_before_it_could_have_got_further(string timeline)
    {
        var machine = RecordedTimelines.Load(timeline);
        var moment = machine with { Now = machine.Timeline is [.., var last] ? last.At : machine.Record.Since };
        Assert.DoesNotContain(
            StuckRules.Diagnose(moment),
            finding => finding.Rule is not (
                "install-failed" or "system-failed" or "record-lost" or "boot-order" or "disk-refused" or "addons-refused"
                or "not-ready" or "switched-off" or "bmc-silent" or "bmc-login" or "bmc-refuses" or "bmc-not-asked"));
    }

    [Theory]
    [MemberData(nameof(Timelines))]
    public void The_cause_begins_the_reason_and_is_the_same_whenever_it_happened(string timeline) => Assert.All(
        StuckRules.Diagnose(RecordedTimelines.Load(timeline)),
        finding =>
        {
            Assert.StartsWith(finding.Cause, finding.Reason, StringComparison.Ordinal);
            Assert.DoesNotMatch("[0-9]{2}:[0-9]{2}:[0-9]{2}", finding.Cause);
        });

    [Fact]
    public void An_operator_who_holds_a_machine_knows_why_it_waits()
    {
        var machine = RecordedTimelines.Load("no-offer");
        Assert.Empty(StuckRules.Diagnose(machine with { Record = machine.Record with { Held = true } }));
    }

    /// <summary>Until the next try has ended, the one before is what is known; then the last one holds.</summary>
    [Fact]
    public void A_refusal_is_told_until_the_machine_goes_on()
    {
        var shim = RecordedTimelines.Load("shim-refused");
        var again = Then(RecordedTimelines.Load("kernel-refused"), shim, TimeSpan.FromMinutes(10));
        Assert.Equal("shim-refused", RuleOf(again));
        Assert.Equal("kernel-refused", RuleOf(again with { Now = again.Timeline[^1].At }));

        var mended = Then(again, RecordedTimelines.Load("well-signed-and-its-initrd-asked-for"), TimeSpan.FromMinutes(20));
        Assert.Equal("shim-refused", RuleOf(Of(mended, [.. mended.Timeline.SkipLast(16)], mended.Now)));
        Assert.Empty(StuckRules.Diagnose(mended));
    }

    /// <summary>Where another server gives addresses another boot shows by a pause alone.</summary>
    [Fact]
    public void After_a_pause_an_earlier_link_is_of_another_boot()
    {
        var again = Then(
            RecordedTimelines.Load("kernel-refused"), RecordedTimelines.Load("shim-refused"), TimeSpan.FromMinutes(10));
        var timeline = again.Timeline.Where(seen => seen.Kind != EventKind.Dhcp).ToList();
        Assert.Equal("shim-refused", RuleOf(Of(again, timeline, again.Now)));
        Assert.Equal("kernel-refused", RuleOf(Of(again, timeline, timeline[^1].At)));
    }

    [Fact]
    public void How_often_it_was_refused_is_told()
    {
        var machine = RecordedTimelines.Load("shim-refused");
        Assert.Contains("; tried 2 times since ", Assert.Single(StuckRules.Diagnose(machine)).Reason, StringComparison.Ordinal);
        machine = RecordedTimelines.Load("kernel-refused");
        Assert.Contains("; tried once since ", Assert.Single(StuckRules.Diagnose(machine)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_off_is_told_so_beside_where_it_stopped()
    {
        var machine = RecordedTimelines.Load("no-kernel") with { Power = new(PowerState.Off, Failure: null, Message: null) };
        Assert.Equal(["switched-off", "no-kernel"], StuckRules.Diagnose(machine).Select(finding => finding.Rule));
    }

    [Fact]
    public void Whatever_a_machine_failed_in_its_message_is_told() => Assert.All(
        Enum.GetValues<NodeState>().Cast<NodeState?>().Append(null).Except([NodeState.Failed, NodeState.Discovered]),
        state =>
        {
            var machine = RecordedTimelines.Load("system-failed");
            var failed = machine with { Record = machine.Record with { FailedWhile = state, Message = "fan stopped" } };
            Assert.Contains("fan stopped", Assert.Single(StuckRules.Diagnose(failed)).Reason, StringComparison.Ordinal);
        });

    private static string RuleOf(Situation machine) => Assert.Single(StuckRules.Diagnose(machine)).Rule;

    /// <summary>What was seen of the one, and so much later what was seen of the other.</summary>
    private static Situation Then(Situation one, Situation other, TimeSpan later) => Of(
        other,
        [.. one.Timeline, .. other.Timeline.Select(seen => seen with { Id = seen.Id + (long)later.TotalMicroseconds })],
        other.Now + later);

    private static Situation Of(Situation machine, IReadOnlyList<TimelineEvent> timeline, DateTimeOffset now) =>
        new(machine.Record, timeline, now) { Signed = machine.Signed };

    /// <summary>Several timelines of one rule have more behind two hyphens.</summary>
    private static string RuleOf(string timeline) => timeline.Split("--")[0];
}
