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

    /// <summary>How often it tried, and came so far.</summary>
    public int Tries { get; private init; } = 1;

    /// <summary>The last try's number.</summary>
    private int Try { get; init; }

    /// <returns><c>null</c> where it came to the chain's end, or may still come further.</returns>
    public static ChainBreak? In(Situation machine) => machine is { Signed: { } files, IsAwaited: true }
        ? Open(machine, files).FirstOrDefault(found => machine.Now - found.First.At >= found.Patience)
        : null;

    private TimeSpan Patience => Link == ChainLink.ShimStarted ? SilenceBeforeGrub : Silence;

    /// <summary>
    /// In order: a try that ends earlier than those before says more than they do. Until it has ended, they hold.
    /// </summary>
    private static IEnumerable<ChainBreak> Open(Situation machine, SignedFiles files)
    {
        var open = new SortedDictionary<ChainLink, ChainBreak>();
        var number = 0;
        foreach (var seen in machine.Recent)
        {
            number += seen.Stage == BootStage.Asked ? 1 : 0;
            if (files.LinkOf(seen) is { } link)
            {
                foreach (var earlier in open.Keys.Where(earlier => earlier < link).ToList())
                {
                    open.Remove(earlier);
                }

                open[link] = open.TryGetValue(link, out var before)
                    ? before with { Last = seen, Tries = before.Tries + (number == before.Try ? 0 : 1), Try = number }
                    : new ChainBreak(link, seen, seen) { Try = number };
            }
        }

        return open.Values.Where(found => found.Link switch
        {
            ChainLink.Kernel => !files.Initrd.Any(machine.Fetching.Contains),
            ChainLink.GrubStarted or ChainLink.KernelStarted => false,
            _ => true,
        });
    }
}
