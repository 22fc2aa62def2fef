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

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{"",-19}{"done",7}{"a second",10}{"p50",10}{"p99",10}{"retries",9}{"failed",8}");
        text.AppendLine(Phases.Any(phase => phase.Used is not null) ? $"{Ours,13}{Dnsmasq,11}" : "");
        foreach (var phase in Phases)
        {
            text.AppendLine(Line(phase));
        }

        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{Ledger.Running} of {Machines} machines ran after "
            + $"{Took.TotalSeconds:F1} s; peak memory of the bootstrapper {PeakMemory >> 20} MiB"));
        text.AppendLine("processor time: " + string.Join(", ", Used.OrderByDescending(used => used.Value).Select(Each)));
        Append(text);
        return text.ToString();
    }

    private string Each(KeyValuePair<string, TimeSpan> used) => string.Create(
        CultureInfo.InvariantCulture,
        $"{used.Key} {used.Value.TotalSeconds:F1} s ({used.Value.TotalMilliseconds / Math.Max(1, Machines):F1} ms a machine)");

    private void Append(StringBuilder text)
    {
        if (Away is { } away)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture, $"killed with -9 in the middle, ready again after {away.TotalSeconds:F1} s"));
        }

        text.AppendLine(string.Create(
            CultureInfo.InvariantCulture, $"facts of {Ledger.Known.Count} of {Machines} machines were acknowledged"));
        foreach (var (running, events, readings) in Onlookers)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"an onlooker knows of {running} machines that run, by "
                + $"{events} events and {readings} readings of all machines"));
        }

        foreach (var (refusal, times) in Ledger.Refusals)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture, $"denied {times} times: {refusal.ReplaceLineEndings(" ")}"));
        }

        foreach (var fault in Ledger.Faults.Take(MostFaults))
        {
            text.AppendLine("WRONG: " + fault);
        }

        text.AppendLine(Ledger.Faults.Count == 0
            ? "nothing was lost, nothing happened twice"
            : string.Create(CultureInfo.InvariantCulture, $"{Ledger.Faults.Count} things went wrong"));
    }

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
