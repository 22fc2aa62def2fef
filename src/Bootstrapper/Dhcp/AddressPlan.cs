using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Dhcp;

/// <summary>Who may have which address, as a description says it. Immutable but for what is free in its pools.</summary>
internal sealed class AddressPlan
{
    private readonly Dictionary<MacAddress, PlannedNode> _nodes;
    private readonly Dictionary<uint, MacAddress> _fixed;
    private readonly bool _ignoresStrangers;

    public AddressPlan(ClusterDescription cluster)
    {
        _nodes = cluster.Nodes.ToDictionary(
            node => node.Mac, node => new PlannedNode(node.HostName, node.Ip?.ToNumber(), node.BootLoader)
            {
                Home = node.Ip is null && node.Network is null ? null : cluster.SeenFrom(node).Bootstrapper.ToNumber(),
            });
        _fixed = cluster.Nodes.Where(node => node.Ip is not null).ToDictionary(node => node.Ip!.ToNumber(), node => node.Mac);
        Networks = [.. cluster.Networks.Select(network => new PlannedNetwork(cluster, network))];
        _ignoresStrangers = cluster.UnknownNodes == UnknownNodes.Ignore;
        Pools =
        [
            .. DhcpPools.Of(cluster).SelectMany(pools => pools).Select(pool => new AddressPool(pool)),
        ];
        foreach (var address in _fixed.Keys.Concat(cluster.OwnAddresses.Select(Ipv4.ToNumber))
            .Concat(cluster.Networks.Select(network => network.Broadcast.ToNumber())))
        {
            Take(address);
        }
    }

    public IReadOnlyList<PlannedNetwork> Networks { get; }

    /// <summary>Of each network those for nodes first.</summary>
    public IReadOnlyList<AddressPool> Pools { get; }

    public PlannedNode? NodeOf(MacAddress card) => _nodes.GetValueOrDefault(card);

    /// <summary>Whether a card gets an answer at all.</summary>
    public bool Answers(MacAddress card, PlannedNode? node) =>
        card != MacAddress.Doctor && (node is not null || !_ignoresStrangers);

    /// <summary>
    /// Where whoever asks is: on the link that its relay names (RFC 3527), or at the relay's own address (RFC 2131, 4.3.1); where
    /// its address is, if it writes to us alone, for that may come through a router; or where the request came in.
    /// </summary>
    /// <param name="isToUs">Whether it came to our address, and not to everybody.</param>
    /// <param name="arrivals">Our addresses on the interface that it came in by.</param>
    /// <param name="leased">What it has had already; <c>null</c> for nothing.</param>
    /// <returns><c>null</c> for a network that is not described.</returns>
    public PlannedNetwork? NetworkOf(
        in DhcpReader request, bool isToUs, ReadOnlySpan<uint> arrivals, PlannedNode? node, uint? leased) =>
        request.RelayedFrom is { } link ? Containing(link)
        : isToUs && request.ClientAddress != 0 && Containing(request.ClientAddress) is { } own ? own
        : arrivals.Length == 1 ? Containing(arrivals[0])
        : OneOf(
            arrivals,
            [
                request.Address(DhcpOptions.ServerIdentifier),
                node?.Home,
                leased,
                request.Address(DhcpOptions.RequestedAddress),
                request.ClientAddress,
            ]);

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
        if (_fixed.ContainsKey(address) || Containing(address)?.IsHost(address) != true)
        {
            return;
        }

        foreach (var pool in Pools)
        {
            pool.Free(address);
        }
    }

    /// <summary>Of several networks on one wire the one that the first of these addresses is in; else the first.</summary>
    private PlannedNetwork? OneOf(ReadOnlySpan<uint> arrivals, ReadOnlySpan<uint?> wishes)
    {
        foreach (var wish in wishes)
        {
            foreach (var arrival in arrivals)
            {
                if (wish is { } address && Containing(arrival) is { } network && network.Contains(address))
                {
                    return network;
                }
            }
        }

        return Containing(arrivals[0]);
    }

    private PlannedNetwork? Containing(uint address)
    {
        foreach (var network in Networks)
        {
            if (network.Contains(address))
            {
                return network;
            }
        }

        return null;
    }
}

/// <summary>A network with what nobody may have in it.</summary>
internal sealed class PlannedNetwork(ClusterDescription cluster, Network network)
{
    private readonly uint _first = network.Subnet.BaseAddress.ToNumber(), _last = network.Subnet.Last().ToNumber();
    private readonly uint _broadcast = network.Broadcast.ToNumber();
    private readonly uint[] _own = [.. cluster.OwnAddresses.Select(Ipv4.ToNumber)];

    /// <summary>Our address, by which a client there names the server that it takes an offer of.</summary>
    public uint Own { get; } = cluster.SeenFrom(network).Bootstrapper.ToNumber();

    /// <summary>How long a fixed address is leased; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan Lease => network.Lease;

    public AnswerWriter Writer { get; } = new(cluster.SeenFrom(network));

    public bool Contains(uint address) => _first <= address && address <= _last;

    /// <summary>Whether it is an address there that a machine may have.</summary>
    public bool IsHost(uint address) =>
        _first < address && address < _last && address != _broadcast && !_own.Contains(address);
}

/// <summary>What DHCP needs of a node.</summary>
/// <param name="Address">The fixed one; <c>null</c> for one of the pools.</param>
internal sealed record PlannedNode(string HostName, uint? Address, BootLoader Loader)
{
    /// <summary>Our address in the network that is said to be its; <c>null</c> where none is.</summary>
    public uint? Home { get; init; }

    /// <summary>By which DHCP knows it: the rest of its name is the domain.</summary>
    public string Label { get; } = HostName.Split('.')[0];
}
