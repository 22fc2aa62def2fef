using System.Collections.Concurrent;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Which card has which address, in memory. One thread changes it, and any may look: what <see cref="LeaseFile"/> tells of the
/// file it tells from here while our own server gives out the addresses.
/// </summary>
internal sealed class LeaseTable(TimeProvider time) : ILeases
{
    private readonly ConcurrentDictionary<uint, DhcpLease> _byAddress = new();
    private readonly Dictionary<MacAddress, DhcpLease> _byCard = [];
    private long _changes;

    /// <summary>Grows with each change.</summary>
    public long Changes => Volatile.Read(ref _changes);

    public IEnumerable<DhcpLease> All => _byAddress.Select(entry => entry.Value);

    public MacAddress? Find(IPAddress address) =>
        Find(address.ToNumber()) is { } lease && !lease.IsOver(time.GetUtcNow().ToUnixTimeSeconds()) ? lease.Card : null;

    public IReadOnlyList<Lease> Current()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return [.. All.Where(lease => !lease.IsOver(now)).Select(lease => lease.ToLease())];
    }

    public DhcpLease? Find(uint address) => _byAddress.GetValueOrDefault(address);

    public DhcpLease? Find(MacAddress card) => _byCard.GetValueOrDefault(card);

    /// <summary>A card has one address, and an address one card: what either had before is over.</summary>
    /// <returns>The address that the card had, where that was another one.</returns>
    public uint? Put(DhcpLease lease)
    {
        var before = Find(lease.Card);
        if (before is not null && before.Address != lease.Address)
        {
            Remove(before);
        }

        if (Find(lease.Address) is { } other && other.Card != lease.Card)
        {
            _byCard.Remove(other.Card);
        }

        _byCard[lease.Card] = _byAddress[lease.Address] = lease;
        Interlocked.Increment(ref _changes);
        return before is not null && before.Address != lease.Address ? before.Address : null;
    }

    public void Remove(DhcpLease lease)
    {
        _byAddress.TryRemove(KeyValuePair.Create(lease.Address, lease));
        _byCard.Remove(lease.Card);
        Interlocked.Increment(ref _changes);
    }

    /// <summary>What another server gave out before us.</summary>
    public void Replace(IEnumerable<Lease> leases)
    {
        _byAddress.Clear();
        _byCard.Clear();
        foreach (var lease in leases)
        {
            Put(DhcpLease.Of(lease));
        }
    }
}

/// <param name="Expiry">In Unix seconds; 0 for never.</param>
/// <param name="Name">Host name of the node; <c>null</c> for a machine that is none, whose name means nothing.</param>
internal sealed record DhcpLease(uint Address, MacAddress Card, long Expiry, string? Name)
{
    public static DhcpLease Of(Lease lease) => new(
        lease.Address.ToNumber(),
        lease.Mac,
        lease.Expiry == DateTimeOffset.MaxValue ? 0 : lease.Expiry.ToUnixTimeSeconds(),
        lease.HostName);

    public bool IsOver(long now) => Expiry != 0 && Expiry <= now;

    public Lease ToLease() =>
        new(Ipv4.ToAddress(Address), Card, Expiry == 0 ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeSeconds(Expiry))
        {
            HostName = Name,
        };
}
