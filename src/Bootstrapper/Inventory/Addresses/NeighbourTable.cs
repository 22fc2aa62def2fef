using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>The kernel's view of who is at which address on our wire, at the moment that somebody asks.</summary>
/// <param name="query"><c>null</c> to read the whole table in any case.</param>
/// <param name="path">The table (proc(5)), for what the kernel does not tell by itself: before Linux 5.0.</param>
internal sealed class NeighbourTable(NeighbourQuery? query, string path = "/proc/net/arp")
{
    /// <summary>ATF_COM: the entry has an answer in it, whether the kernel asked for it or a hand wrote it.</summary>
    private const int Complete = 0x2;

    /// <summary>An address may stand there once for each interface.</summary>
    public IReadOnlyList<MacAddress> Find(IPAddress address) => query?.Find(address) ?? [.. Read($"{address} ")];

    private IEnumerable<MacAddress> Read(string start) =>
        from line in File.ReadLines(path).Skip(1)
        where line.StartsWith(start, StringComparison.Ordinal)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields.Length >= 4 && IsComplete(fields[2])
        where MacAddress.TryParse(fields[3], null, out _)
        select MacAddress.Parse(fields[3], null);

    private static bool IsComplete(string flags) =>
        int.TryParse(flags.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
            && (bits & Complete) != 0;
}
