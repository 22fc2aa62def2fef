using System.Globalization;
using System.Net;
using System.Numerics;

namespace Bootstrapper.Host;

/// <summary>By which interface the host sends what is for a network.</summary>
internal sealed record LocalRoute(string Interface, IPNetwork To)
{
    private const string Table = "/proc/net/route";

    /// <summary>The main routing table (proc(5)); empty where the kernel has none.</summary>
    public static IReadOnlyList<LocalRoute> All() => File.Exists(Table) ? Parse(File.ReadLines(Table)) : [];

    internal static IReadOnlyList<LocalRoute> Parse(IEnumerable<string> lines) =>
    [
        .. from line in lines.Skip(1)
           let fields = line.Split('\t', StringSplitOptions.TrimEntries)
           where fields.Length > 7
           let mask = BitOperations.PopCount(Word(fields[7]))
           select new LocalRoute(fields[0], new IPNetwork(new IPAddress(Word(fields[1])), mask)),
    ];

    /// <summary>Whether it leads to some of a network; a default route leads everywhere, and says nothing.</summary>
    public bool LeadsTo(IPNetwork network) =>
        To.PrefixLength > 0 && (To.Contains(network.BaseAddress) || network.Contains(To.BaseAddress));

    /// <summary>In the order of the host's bytes, as <see cref="IPAddress(long)"/> takes it.</summary>
    private static uint Word(string hexadecimal) => uint.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
