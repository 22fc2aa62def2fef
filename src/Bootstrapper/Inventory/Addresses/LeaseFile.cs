using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>
/// The leases, as dnsmasq writes them: which address it gave to which machine. Lines are <c>expiry mac address name
/// client-id</c>, the expiry in Unix seconds or 0 for never; other lines (<c>duid</c>, relay information) mean nothing to us.
/// </summary>
/// <remarks>
/// dnsmasq writes the whole file at every change, many times a second in a boot storm. A hit is at most <see cref="Freshness"/>
/// old; a miss reads the file again, so that a machine is known the moment it has its lease.
/// </remarks>
internal sealed class LeaseFile(string path, TimeProvider time) : ILeases
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _reading = new();
    private volatile Leases _leases = new([], Stamp: default, ReadAt: 0);

    /// <summary>
    /// Whoever gives out the addresses in this program, and so knows what will stand in the file; <c>null</c> where dnsmasq does.
    /// </summary>
    public ILeases? Own { get; set; }

    public MacAddress? Find(IPAddress address)
    {
        if (Own is { } own)
        {
            return own.Find(address);
        }

        var leases = _leases;
        if (time.GetElapsedTime(leases.ReadAt) < Freshness && leases.Find(address, time.GetUtcNow()) is { } mac)
        {
            return mac;
        }

        return Refresh().Find(address, time.GetUtcNow());
    }

    /// <summary>What is leased now.</summary>
    public IReadOnlyList<Lease> Current() => Own?.Current() ?? InFile();

    /// <summary>The same, as the file has it.</summary>
    public IReadOnlyList<Lease> InFile()
    {
        var now = time.GetUtcNow();
        return [.. Refresh().ByAddress.Values.Where(lease => lease.Expiry > now)];
    }

    private Leases Refresh()
    {
        lock (_reading)
        {
            var stamp = StampOf(path);
            var now = time.GetTimestamp();
            return _leases = stamp == _leases.Stamp ? _leases with { ReadAt = now } : new Leases(Read(), stamp, now);
        }
    }

    /// <summary>In the order of the lines that count, which is the order of time.</summary>
    private OrderedDictionary<IPAddress, Lease> Read()
    {
        var leases = new OrderedDictionary<IPAddress, Lease>();
        foreach (var fields in Lines().Select(line => line.Split(' ')))
        {
            if (fields.Length >= 5 // with fewer it is torn, and may end in the middle of the address
                && long.TryParse(fields[0], CultureInfo.InvariantCulture, out var expiry)
                && expiry is >= 0 and <= uint.MaxValue
                && MacAddress.TryParse(fields[1], null, out var mac)
                && IPAddress.TryParse(fields[2], out var address))
            {
                leases.Remove(address);
                leases.Add(
                    address,
                    new Lease(address, mac, expiry == 0 ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeSeconds(expiry))
                    {
                        HostName = fields[3] != "*" ? fields[3] : null,
                    });
            }
        }

        return leases;
    }

    private IEnumerable<string> Lines()
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private static (DateTime, long) StampOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private sealed record Leases(OrderedDictionary<IPAddress, Lease> ByAddress, (DateTime, long) Stamp, long ReadAt)
    {
        public MacAddress? Find(IPAddress address, DateTimeOffset now) =>
            ByAddress.TryGetValue(address, out var lease) && lease.Expiry > now ? lease.Mac : null;
    }
}

/// <summary>An address, and which machine has it until when.</summary>
internal sealed record Lease(IPAddress Address, MacAddress Mac, DateTimeOffset Expiry)
{
    /// <summary>What the machine calls itself, where dnsmasq allows it a name.</summary>
    public string? HostName { get; init; }
}
