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

    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(MacAddress mac, ReadOnlySpan<byte> printed)
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

    /// <summary>All that is kept of one machine, oldest first, without what a terminal takes for an order.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string Text(MacAddress mac)
    {
        byte[] printed = [.. Read(EarlierPathOf(mac)), .. Read(PathOf(mac))];
        var lines = LineEnd().Split(Order().Replace(Encoding.UTF8.GetString(printed), ""));
        return string.Join('\n', lines.Select(line => Printable.OnOneLine(line.TrimEnd(), LongestLine)));
    }

    /// <summary>When it returns, nothing of the machine comes back after a power cut.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Remove(MacAddress mac)
    {
        Bsroot.Remove(PathOf(mac));
        Bsroot.Remove(EarlierPathOf(mac));
    }

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
