using System.Globalization;
using System.Text;

namespace Bootstrapper.Rehearsal;

/// <summary>How a storm went.</summary>
/// <param name="Took">From the first switch until the last machine ran.</param>
/// <param name="Used">Processor time of the bootstrapper and of each of its children.</param>
/// <param name="PeakMemory">Of the bootstrapper, in bytes.</param>
internal sealed record StormReport(
    IReadOnlyList<Phase> Phases,
    Ledger Ledger,
    int Machines,
    TimeSpan Took,
    IReadOnlyDictionary<string, TimeSpan> Used,
    long PeakMemory)
{
    private const int MostFaults = 20;

    private const string Ours = "bootstrapper", Dnsmasq = "dnsmasq";

    /// <summary>How long the bootstrapper was away after it was killed; <c>null</c> where it was not.</summary>
    public TimeSpan? Away { get; init; }

    /// <summary>The files that a machine is told to fetch, whole.</summary>
    public long BytesEach { get; init; }

    /// <summary>Processor time for 10^9 bytes of a file; <c>null</c> where that was not measured.</summary>
    public TimeSpan? PerGigabyte { get; init; }

    /// <summary>What each onlooker knows at the end, and what of: events, and readings of all machines.</summary>
    public IReadOnlyList<(int Running, int Events, int Readings)> Onlookers { get; init; } = [];

    /// <summary>Whether nothing was lost, and nothing happened twice. Speed is another matter.</summary>
    public bool IsGood => Ledger.Faults.Count == 0 && Ledger.Running == Machines;

    /// <summary>A line for each phase that a machine came to.</summary>
    public string Table
    {
        get
        {
            var text = new StringBuilder();
            text.Append($"{"",-19}{"done",7}{"a second",10}{"p50",10}{"p99",10}{"retries",9}{"failed",8}");
            text.AppendLine(Phases.Any(phase => phase.Used is not null) ? $"{Ours,13}{Dnsmasq,11}" : "");
            foreach (var phase in Phases.Where(phase => phase.HasBegun))
            {
                text.AppendLine(Line(phase));
            }

            return text.ToString();
        }
    }

    /// <summary>Each is to be on a line of its own.</summary>
    public IEnumerable<string> Sentences =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Ledger.Running} of {Machines} machines ran after "
            + $"{Took.TotalSeconds:F1} s; peak memory of the bootstrapper {PeakMemory >> 20} MiB"),
        "processor time: " + string.Join(", ", Used.OrderByDescending(used => used.Value).Select(Each)),
        .. Away is { } away
            ? [string.Create(
                CultureInfo.InvariantCulture, $"killed with -9 in the middle, ready again after {away.TotalSeconds:F1} s")]
            : Array.Empty<string>(),
        string.Create(CultureInfo.InvariantCulture, $"facts of {Ledger.Known.Count} of {Machines} machines were acknowledged"),
        .. Onlookers.Select(onlooker => string.Create(
            CultureInfo.InvariantCulture,
            $"an onlooker knows of {onlooker.Running} machines that run, by {onlooker.Events} events and "
                + $"{onlooker.Readings} readings of all machines")),
        .. Ledger.Refusals.Select(refused => string.Create(
            CultureInfo.InvariantCulture, $"denied {refused.Value} times: {refused.Key.ReplaceLineEndings(" ")}")),
        .. Ledger.Faults.Take(MostFaults).Select(fault => "WRONG: " + fault),
        Ledger.Faults.Count == 0
            ? "nothing was lost, nothing happened twice"
            : string.Create(CultureInfo.InvariantCulture, $"{Ledger.Faults.Count} things went wrong"),
    ];

    public override string ToString() => $"{Table}\n{string.Join('\n', Sentences)}\n";

    private string Each(KeyValuePair<string, TimeSpan> used) => string.Create(
        CultureInfo.InvariantCulture,
        $"{used.Key} {used.Value.TotalSeconds:F1} s ({used.Value.TotalMilliseconds / Math.Max(1, Machines):F1} ms a machine)");

    private static string Line(Phase phase)
    {
        var figures = phase.Figures();
        var line = string.Create(CultureInfo.InvariantCulture, $"{phase.Name,-19}{figures.Done,7}{figures.PerSecond,10:F0}"
            + $"{Milliseconds(figures.P50),10}{Milliseconds(figures.P99),10}{phase.Retries,9}{phase.Failures,8}");
        return phase.Used is null || figures.Done == 0 ? line
            : line + Each(phase, Ours, 13) + Each(phase, Dnsmasq, 11);
    }

    private static string Each(Phase phase, string program, int width)
    {
        var each = phase.Used!.GetValueOrDefault(program).TotalMilliseconds / phase.Figures().Done;
        return string.Create(CultureInfo.InvariantCulture, $"{each:F2} ms").PadLeft(width);
    }

    private static string Milliseconds(float milliseconds) => milliseconds >= 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:F1} s")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F0} ms");
}
