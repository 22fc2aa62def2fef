using System.Buffers;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// The timelines on disk: <c>timeline/&lt;mac&gt;.jsonl</c>, one event a line. A file that has grown takes the place of the one
/// before it, so each machine has between half and all of <see cref="MostBytes"/>.
/// </summary>
internal sealed class TimelineFiles(string directory)
{
    private const long MostBytes = 512 * 1024;

    private static readonly JsonSerializerOptions Json = new(InventoryFiles.Json) { WriteIndented = false };

    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(IEnumerable<TimelineEvent> events)
    {
        Bsroot.MakeDirectory(directory);
        var lines = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(lines, new JsonWriterOptions { SkipValidation = true });
        foreach (var ofNode in events.GroupBy(seen => seen.Mac))
        {
            lines.ResetWrittenCount();
            foreach (var seen in ofNode)
            {
                json.Reset();
                JsonSerializer.Serialize(json, seen, Json);
                lines.Write("\n"u8);
            }

            Append(ofNode.Key, lines.WrittenSpan);
        }
    }

    /// <summary>When it returns, nothing of the machine comes back after a power cut.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Remove(MacAddress mac)
    {
        Bsroot.Remove(PathOf(mac));
        Bsroot.Remove(EarlierPathOf(mac));
    }

    /// <summary>All that is kept of one machine, oldest first.</summary>
    public IEnumerable<TimelineEvent> Of(MacAddress mac) => [.. Read(EarlierPathOf(mac)), .. Read(PathOf(mac))];

    /// <summary>The end of every machine's timeline, oldest first.</summary>
    public IReadOnlyList<TimelineEvent> Ends(int perNode) => !Directory.Exists(directory) ? [] :
    [
        .. Directory.EnumerateFiles(directory, "*.jsonl").AsParallel()
            .SelectMany(file => Read(file).TakeLast(perNode))
            .OrderBy(seen => seen.Id),
    ];

    /// <summary>In a boot storm that is a file for each exchange of messages: it is opened, looked at and written once.</summary>
    private void Append(MacAddress mac, ReadOnlySpan<byte> lines)
    {
        var path = PathOf(mac);
        using var file = Bsroot.OpenEnd(path);
        var end = RandomAccess.GetLength(file);
        if (end <= MostBytes / 2)
        {
            RandomAccess.Write(file, lines, end);
            return;
        }

        File.Move(path, EarlierPathOf(mac), overwrite: true);
        using var fresh = Bsroot.OpenEnd(path);
        RandomAccess.Write(fresh, lines, fileOffset: 0);
    }

    private string PathOf(MacAddress mac) => Path.Combine(directory, $"{mac.ToHyphenated()}.jsonl");

    private string EarlierPathOf(MacAddress mac) => Path.Combine(directory, $"{mac.ToHyphenated()}.jsonl.1");

    private static IEnumerable<TimelineEvent> Read(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(Parse).OfType<TimelineEvent>() : [];

    /// <summary>A line that a kill tore is none.</summary>
    private static TimelineEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TimelineEvent>(EarlierEvent.Renamed(line), Json) is { } seen
                ? EarlierEvent.Completed(seen)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
