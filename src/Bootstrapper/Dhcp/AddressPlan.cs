using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Dhcp;

/// <summary>Who may have which address, as a description says it. Immutable but for what is free in its pools.</summary>
internal sealed class AddressPlan
{
    private readonly Dictionary<MacAddress, PlannedNode> _nodes;
    private readonly Dictionary<uint, MacAddress> _fixed;
    private readonly Extent _network;
    private readonly bool _ignoresStrangers;

    public AddressPlan(ClusterDescription cluster)
    {
        _nodes = cluster.Nodes.ToDictionary(
            node => node.Mac, node => new PlannedNode(node.HostName, node.Ip?.ToNumber(), node.BootLoader));
        _fixed = cluster.Nodes.Where(node => node.Ip is not null).ToDictionary(node => node.Ip!.ToNumber(), node => node.Mac);
        _network = new Extent(cluster);
        _ignoresStrangers = cluster.UnknownNodes == UnknownNodes.Ignore;
        FixedLease = cluster.Dhcp.Lease;
        Pools = [.. DhcpPools.Of(cluster).Select(pool => new AddressPool(pool))];
        foreach (var address in _fixed.Keys.Append(cluster.Bootstrapper.ToNumber()).Append(cluster.Network.Broadcast.ToNumber()))
        {
            Take(address);
        }
    }

    /// <summary>Those for nodes first.</summary>
    public IReadOnlyList<AddressPool> Pools { get; }

    /// <summary>How long a fixed address is leased; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan FixedLease { get; }

    public PlannedNode? NodeOf(MacAddress card) => _nodes.GetValueOrDefault(card);

    /// <summary>Whether a card gets an answer at all.</summary>
    public bool Answers(MacAddress card, PlannedNode? node) =>
        card != MacAddress.Doctor && (node is not null || !_ignoresStrangers);

    /// <summary>Whether it is an address of our network that a machine may have.</summary>
    public bool IsHost(uint address) => _network.IsHost(address);

    public bool IsOfNetwork(uint address) => _network.Contains(address);

    /// <summary>Whether the description keeps an address for another card.</summary>
    public bool IsKeptFromOthers(uint address, MacAddress card) => _fixed.TryGetValue(address, out var owner) && owner != card;

    /// <summary>The pool that holds an address, where a machine may draw from it.</summary>
    public AddressPool? PoolOf(uint address, PlannedNode? node)
    {
        foreach (var pool in Pools)
        {
            if (pool.Contains(address))
            {
                return node is not null || !pool.IsForNodes ? pool : null;
            }
        }

        return null;
    }

    public void Take(uint address)
    {
        foreach (var pool in Pools)
        {
            pool.Take(address);
        }
    }

    /// <summary>A fixed address is never free, nor one that no machine may have.</summary>
    public void Free(uint address)
    {
        if (_fixed.ContainsKey(address) || !IsHost(address))
        {
            return;
        }

        foreach (var pool in Pools)
        {
            pool.Free(address);
        }
    }

    /// <summary>The subnet with what nobody may have in it.</summary>
    private sealed class Extent(ClusterDescription cluster)
    {
        private readonly uint _first = cluster.Network.Subnet.BaseAddress.ToNumber();
        private readonly uint _last = cluster.Network.Subnet.Last().ToNumber();
        private readonly uint _own = cluster.Bootstrapper.ToNumber(), _broadcast = cluster.Network.Broadcast.ToNumber();

        public bool Contains(uint address) => _first <= address && address <= _last;

        public bool IsHost(uint address) =>
            _first < address && address < _last && address != _own && address != _broadcast;
    }
}

/// <summary>What DHCP needs of a node.</summary>
/// <param name="Address">The fixed one; <c>null</c> for one of the pools.</param>
internal sealed record PlannedNode(string HostName, uint? Address, BootLoader Loader)
{
    /// <summary>By which DHCP knows it: the rest of its name is the domain.</summary>
    public string Label { get; } = HostName.Split('.')[0];
}
