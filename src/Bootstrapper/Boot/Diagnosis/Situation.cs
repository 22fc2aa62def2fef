using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>What is known of a machine at one moment, as the rules look at it.</summary>
/// <param name="Timeline">The end of it, oldest first.</param>
internal sealed record Situation(NodeRecord Record, IReadOnlyList<TimelineEvent> Timeline, DateTimeOffset Now)
{
    /// <summary>The loop guard's stop; <c>null</c> where it may boot.</summary>
    public Wait? Wait { get; init; }

    /// <summary>What was seen since the machine came into its state.</summary>
    public IReadOnlyList<TimelineEvent> Recent { get; } = [.. Timeline.Where(seen => seen.At >= Record.Since)];

    /// <summary>Whether it is to boot from the network and be installed, and has not begun.</summary>
    public bool IsAwaited => Record is { State: NodeState.Configured, Held: false };

    public TimeSpan InState => Now - Record.Since;

    /// <summary>The furthest that the machine has got.</summary>
    public BootStage Reached => Recent.Where(IsOfABoot).Select(BootStages.Of).DefaultIfEmpty().Max();

    /// <summary>Whether it has been no further than this for so long.</summary>
    public bool IsStuckAt(BootStage stage, TimeSpan patience) =>
        IsAwaited && Reached == stage && Now - Recent.First(seen => BootStages.Of(seen) == stage).At >= patience;

    public TimelineEvent? Last(Func<TimelineEvent, bool> condition) => Recent.LastOrDefault(condition);

    public TimelineEvent? LastAt(BootStage stage) => Last(seen => BootStages.Of(seen) == stage);

    /// <summary>A system that runs renews its lease without asking for one first.</summary>
    private bool IsOfABoot(TimelineEvent seen) =>
        !seen.Text.StartsWith("DHCPACK", StringComparison.Ordinal)
            || Recent.Any(earlier => BootStages.Of(earlier) == BootStage.Asked);
}
