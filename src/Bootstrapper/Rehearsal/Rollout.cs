using System.Globalization;

namespace Bootstrapper.Rehearsal;

/// <summary>How long it takes until all machines run, from what was measured with some of them.</summary>
/// <param name="Machines">All of them.</param>
/// <param name="BytesEach">What a machine fetches until it runs.</param>
/// <param name="ProcessorEach">Of the bootstrapper and its children for a machine, the sending of its files aside.</param>
/// <param name="ProcessorPerGigabyte">The same for 10^9 bytes of files.</param>
/// <param name="Processors">That the bootstrapper has.</param>
/// <param name="LineBitsPerSecond">Of its network card.</param>
/// <param name="Waiting">What a machine needs for itself: its self tests, its disk.</param>
internal sealed record Rollout(
    int Machines,
    long BytesEach,
    TimeSpan ProcessorEach,
    TimeSpan ProcessorPerGigabyte,
    int Processors,
    double LineBitsPerSecond,
    TimeSpan Waiting)
{
    /// <summary>Of an Ethernet frame with the gap behind it, 1,538 octets, TCP carries 1,448.</summary>
    private const double Carried = 1448.0 / 1538;

    private const double Gigabyte = 1e9;

    public TimeSpan Line => TimeSpan.FromSeconds(Machines * (double)BytesEach * 8 / (LineBitsPerSecond * Carried));

    public TimeSpan Processor =>
        ((Machines * ProcessorEach) + (Machines * (BytesEach / Gigabyte) * ProcessorPerGigabyte)) / Processors;

    /// <summary>Line and processors work at the same time; what machines wait for by themselves comes before and after.</summary>
    public TimeSpan Takes => Waiting + (Line > Processor ? Line : Processor);

    public string Limit => Waiting > Line && Waiting > Processor ? "the machines themselves are the limit"
        : Line > Processor ? "the line is the limit"
        : "the processors are the limit";

    /// <summary>What each of the three takes, and what that follows from.</summary>
    public IReadOnlyList<(string Name, string Takes, string From)> Parts =>
    [
        ("line", Words(Line), string.Create(
            CultureInfo.InvariantCulture, $"{BytesEach / 1e6:F0} MB a machine, {LineBitsPerSecond / Gigabyte:0.###} Gbit/s")),
        ("processors", Words(Processor), string.Create(
            CultureInfo.InvariantCulture,
            $"{ProcessorEach.TotalMilliseconds:F0} ms a machine, {ProcessorPerGigabyte.TotalSeconds:F2} s a GB, "
                + $"{Processors} of them")),
        ("machines", Words(Waiting), "self tests and disks, as --waiting says"),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Your {Machines:N0} machines need {Words(Takes)} until the last runs; {Limit}.");

    private static string Words(TimeSpan time) => time.TotalSeconds > 90
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):N0} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):F0} seconds");
}
