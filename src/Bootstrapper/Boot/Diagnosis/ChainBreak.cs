using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>
/// The link of a signed chain behind which a machine goes on no further. Who refuses a program says so on the machine's screen
/// alone; here it shows by nothing being asked for that the program would ask for.
/// </summary>
/// <param name="First">When the machine came so far first, and no further since.</param>
/// <param name="Last">Likewise, last.</param>
internal sealed record ChainBreak(ChainLink Link, TimelineEvent First, TimelineEvent Last)
{
    /// <summary>
    /// A signature is checked in a moment, and a program that was started asks for its next file within seconds: shim for lists
    /// of revocations, GRUB for lists of commands, both before what is large.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>GRUB has some megabytes, and over TFTP is told of only when it is there.</summary>
    private static readonly TimeSpan SilenceBeforeGrub = TimeSpan.FromMinutes(2);

    /// <summary>
    /// One image is all that firmware asks for: next it is its live system that asks, when it has found the machine's hardware.
    /// </summary>
    private static readonly TimeSpan SilenceOfImage = TimeSpan.FromMinutes(3);

    /// <summary>
    /// A TFTP server goes on for so long with a transfer whose end was lost, and tells of it when the machine is further on.
    /// Another boot, where another server is asked for its address, comes after such a pause.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    /// <summary>How often it tried, and came so far.</summary>
    public int Tries { get; private init; } = 1;

    /// <summary>The last try's number.</summary>
    private int Try { get; init; }

    /// <returns><c>null</c> where it came to the chain's end, is being sent something, or may still come further.</returns>
    public static ChainBreak? In(Situation machine) => machine.Fetching.Count > 0 ? null
        : Open(machine).FirstOrDefault(found => machine.Now - found.First.At >= found.Patience);

    /// <summary>Whether it is at a link, and there may be word of it yet.</summary>
    public static bool MayFollow(Situation machine) => Open(machine).Any();

    private TimeSpan Patience => Link switch
    {
        ChainLink.Image => SilenceOfImage,
        ChainLink.ShimStarted => SilenceBeforeGrub,
        _ => Silence,
    };

    private static IEnumerable<ChainBreak> Open(Situation machine) =>
        machine is { Signed: { } files, IsAwaited: true } ? Open(machine.Recent, files) : [];

    /// <summary>
    /// In order: a try that ends earlier than those before says more than they do. Until it has ended, they hold.
    /// </summary>
    private static IEnumerable<ChainBreak> Open(IEnumerable<TimelineEvent> events, SignedFiles files)
    {
        var open = new SortedDictionary<ChainLink, ChainBreak>();
        var number = 0;
        foreach (var (seen, link, isFirst) in Links(events, files))
        {
            number += isFirst ? 1 : 0;
            foreach (var earlier in open.Keys.Where(earlier => earlier < link).ToList())
            {
                open.Remove(earlier);
            }

            open[link] = open.TryGetValue(link, out var before)
                ? before with { Last = seen, Tries = before.Tries + (number == before.Try ? 0 : 1), Try = number }
                : new ChainBreak(link, seen, seen) { Try = number };
        }

        return open.Values.Where(found => found.Link is not (ChainLink.GrubStarted or ChainLink.KernelStarted));
    }

    /// <summary>What shows the machine at a link, and whether it is the first of a try; without what is told late.</summary>
    private static IEnumerable<(TimelineEvent Seen, ChainLink Link, bool IsFirst)> Links(
        IEnumerable<TimelineEvent> events, SignedFiles files)
    {
        (ChainLink Link, DateTimeOffset At)? furthest = null;
        foreach (var seen in events)
        {
            if (seen.Stage == BootStage.Asked)
            {
                furthest = null;
            }
            else if (files.LinkOf(seen) is { } link && !(link < furthest?.Link && seen.At - furthest?.At < Late))
            {
                yield return (seen, link, furthest is null || link < furthest.Value.Link);
                furthest = (link, seen.At);
            }
        }
    }
}
