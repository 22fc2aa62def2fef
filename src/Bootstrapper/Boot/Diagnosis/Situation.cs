using Bootstrapper.Inventory.Kubernetes;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;
using Bootstrapper.Power;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>What is known of a machine at one moment, as the rules look at it.</summary>
/// <param name="Timeline">The end of it, oldest first.</param>
internal sealed record Situation(NodeRecord Record, IReadOnlyList<TimelineEvent> Timeline, DateTimeOffset Now)
{
    /// <summary>Servers take longer than this from one boot loader to the next.</summary>
    private static readonly TimeSpan AnotherBoot = TimeSpan.FromMinutes(1);

    /// <summary>A live system that takes longer before it asks what to do will not ask.</summary>
    private static readonly TimeSpan LongestBoot = TimeSpan.FromMinutes(30);

    /// <summary>Most rules ask, and an operator may look at ten thousand machines.</summary>
    private BootStage? _reached;

    /// <summary>The loop guard's stop; <c>null</c> where it may boot.</summary>
    public Wait? Wait { get; init; }

    /// <summary>What Kubernetes has of it; <c>null</c> where nobody asked, or nobody answered.</summary>
    public NodeObjectSeen? Kubernetes { get; init; }

    /// <summary>What its BMC says; <c>null</c> where nobody asked, or could.</summary>
    public PowerLook? Power { get; init; }

    /// <summary>What it starts with Secure Boot; <c>null</c> for a machine without.</summary>
    public SignedFiles? Signed { get; init; }

    /// <summary>What it is being sent over HTTP: its timeline has that only when it has ended. Paths.</summary>
    public IReadOnlyCollection<string> Fetching { get; init; } = [];

    /// <summary>What was seen since the machine came into its state.</summary>
    public IReadOnlyList<TimelineEvent> Recent { get; } =
        [.. WithoutAborted(Timeline.Where(seen => seen.At >= Record.Since))];

    /// <summary>Whether it is to boot from the network and be installed, and has not begun.</summary>
    public bool IsAwaited => Record is { State: NodeState.Configured, Held: false };

    /// <summary>Whether it has begun to boot from the network, and went on with that not long ago.</summary>
    public bool IsBooting => IsAwaited && Reached > BootStage.None
        && Now - Recent.Last(seen => seen.Stage != BootStage.None).At < LongestBoot;

    /// <summary>When it asked last for an address as firmware does; where another server hears that, when it was seen.</summary>
    public DateTimeOffset BootBegan =>
        (Recent.LastOrDefault(seen => seen.Stage == BootStage.Asked) ?? Recent.First(seen => seen.Stage != BootStage.None)).At;

    public TimeSpan InState => Now - Record.Since;

    /// <summary>The last stage that the machine reached.</summary>
    public BootStage Reached => _reached ??= Recent.Where(IsOfABoot).Select(seen => seen.Stage).DefaultIfEmpty().Max();

    /// <summary>Whether it has been no further than this for so long, and is being sent nothing.</summary>
    public bool IsStuckAt(BootStage stage, TimeSpan patience) =>
        IsAwaited && Fetching.Count == 0 && Reached == stage && CameTo(stage) is { } first && Now - first.At >= patience;

    /// <summary>
    /// How often it asked over the network what to boot. Loaders ask more than once for one boot: what begins another is a new
    /// question for an address, or, where another server answers those, a pause.
    /// </summary>
    public int NetworkBoots
    {
        get
        {
            var (boots, last, asked) = (0, DateTimeOffset.MinValue, false);
            foreach (var seen in Recent)
            {
                asked |= seen.Stage == BootStage.Asked;
                if (seen.Stage == BootStage.Script)
                {
                    boots += asked || seen.At - last >= AnotherBoot ? 1 : 0;
                    (last, asked) = (seen.At, false);
                }
            }

            return boots;
        }
    }

    public TimelineEvent? Last(Func<TimelineEvent, bool> condition) => Recent.LastOrDefault(condition);

    public TimelineEvent? LastAt(BootStage stage) => Last(seen => seen.Stage == stage);

    /// <summary>
    /// UEFI asks for the size of a file by a transfer that it ends at once: what dnsmasq tells next is the end of that one, and
    /// brings nobody on.
    /// </summary>
    private static IEnumerable<TimelineEvent> WithoutAborted(IEnumerable<TimelineEvent> seen)
    {
        var wasAborted = false;
        foreach (var one in seen)
        {
            var ends = wasAborted && one is { Kind: EventKind.Tftp, File: not null };
            yield return ends ? one with { Stage = BootStage.None } : one;
            wasAborted = !ends && (wasAborted || one is { Kind: EventKind.Tftp, File: null });
        }
    }

    /// <summary>A signed kernel that was sent is not one that was started: shim may have refused it.</summary>
    private TimelineEvent? CameTo(BootStage stage) => stage == BootStage.Kernel && Signed is { Kernel: not null } files
        ? Recent.FirstOrDefault(seen => files.LinkOf(seen) == ChainLink.KernelStarted)
        : Recent.First(seen => seen.Stage == stage);

    /// <summary>A system that runs renews its lease without asking for one first.</summary>
    private bool IsOfABoot(TimelineEvent seen) =>
        seen.Message != "DHCPACK" || Recent.Any(earlier => earlier.Stage == BootStage.Asked);
}
