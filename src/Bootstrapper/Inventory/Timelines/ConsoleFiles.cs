using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// What machines print on their serial consoles, as it comes, while operators have them open:
/// <c>timeline/&lt;mac&gt;.console</c>, for its owner alone, for machines print whatever they like there. A file that has grown
/// takes the place of the one before it.
/// </summary>
internal sealed partial class ConsoleFiles(string directory)
{
    private const long MostBytes = 512 * 1024;

    /// <summary>Characters of a line that is shown.</summary>
    private const int LongestLine = 2000;

    /// <summary>
    /// Stands before what we write among what machines print, and is left out of what they print: RS, which no terminal obeys.
    /// </summary>
    private const char Ours = '\u001e';

    /// <summary>What a line begins with that says who opened the console.</summary>
    private const string Heading = "---";

    /// <summary>Notes who has a machine's console open from now on, in a way that no machine can print.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Begin(MacAddress mac, DateTimeOffset since, string by) => Write(mac, Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"\r\n{Ours}{Heading} {since:yyyy-MM-dd HH:mm:ss}Z, opened by {Printable.OnOneLine(by)}\r\n")));

    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(MacAddress mac, byte[] printed) =>
        Write(mac, printed.Contains((byte)Ours) ? [.. printed.Where(octet => octet != (byte)Ours)] : printed);

    /// <summary>
    /// All that is kept of one machine, oldest first, without what a terminal takes for an order. Only lines that say who opened
    /// the console begin with <c>---</c>.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string Text(MacAddress mac)
    {
        byte[] kept = [.. Read(EarlierPathOf(mac)), .. Read(PathOf(mac))];
        var (first, others) = Encoding.UTF8.GetString(kept).Split(Ours) switch { var parts => (parts[0], parts[1..]) };
        return Shown(first) + string.Concat(others.Select(part =>
        {
            var end = part.IndexOf('\n') + 1;
            return part[..end].Replace("\r", "", StringComparison.Ordinal) + Shown(part[end..]);
        }));
    }

    /// <summary>When it returns, nothing of the machine comes back after a power cut.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Remove(MacAddress mac)
    {
        Bsroot.Remove(PathOf(mac));
        Bsroot.Remove(EarlierPathOf(mac));
    }

    private void Write(MacAddress mac, ReadOnlySpan<byte> printed)
    {
        Bsroot.MakeDirectory(directory);
        var path = PathOf(mac);
        using var file = Bsroot.OpenEnd(path, Bsroot.SecretFile);
        var end = RandomAccess.GetLength(file);
        if (end <= MostBytes / 2)
        {
            RandomAccess.Write(file, printed, end);
            return;
        }

        File.Move(path, EarlierPathOf(mac), overwrite: true);
        using var fresh = Bsroot.OpenEnd(path, Bsroot.SecretFile);
        RandomAccess.Write(fresh, printed, fileOffset: 0);
    }

    /// <param name="printed">By a machine.</param>
    private static string Shown(string printed) => string.Join('\n', LineEnd().Split(Order().Replace(printed, "")).Select(text =>
    {
        var line = Printable.OnOneLine(text.TrimEnd(), LongestLine);
        return line.StartsWith(Heading, StringComparison.Ordinal) ? $" {line}" : line;
    }));

    private static byte[] Read(string file) => File.Exists(file) ? File.ReadAllBytes(file) : [];

    private string PathOf(MacAddress mac) => Path.Combine(directory, $"{mac.ToHyphenated()}.console");

    private string EarlierPathOf(MacAddress mac) => Path.Combine(directory, $"{mac.ToHyphenated()}.console.1");

    /// <summary>Control sequences and strings of terminals (ECMA-48, 5.4 and 5.6), and shorter ones.</summary>
    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|[ -/]*[0-~])")]
    private static partial Regex Order();

    /// <summary>Consoles also begin a line anew, with a return alone.</summary>
    [GeneratedRegex(@"\r*\n|\r+")]
    private static partial Regex LineEnd();
}
