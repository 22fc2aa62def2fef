using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>The layer-2 network that the machines and the bootstrapper share.</summary>
internal sealed record Network
{
    public required IPNetwork Subnet { get; init; }

    /// <summary>Default: the last address of <see cref="Subnet"/>.</summary>
    public required IPAddress Broadcast { get; init; }

    /// <summary>Default gateways for nodes; none in a rack without a way out.</summary>
    public IReadOnlyList<IPAddress> Routers { get; init; } = [];

    /// <summary>DNS servers for nodes; default: the bootstrapper.</summary>
    public required IReadOnlyList<IPAddress> NameServers { get; init; }

    /// <summary>
    /// Whom the bootstrapper asks for names outside <see cref="ClusterDescription.DomainName"/>; empty when offline.
    /// </summary>
    public IReadOnlyList<IPAddress> UpstreamNameServers { get; init; } = [];

    public IReadOnlyList<IPAddress> NtpServers { get; init; } = [];

    public IPAddress Netmask => Ipv4.ToAddress(Ipv4.Mask(Subnet.PrefixLength));
}

/// <summary>How machines get their addresses, and from whom.</summary>
internal sealed record DhcpSettings
{
    public DhcpMode Mode { get; init; } = DhcpMode.Server;

    /// <summary>Set where <see cref="Mode"/> is <see cref="DhcpMode.Server"/>.</summary>
    public DhcpRange? Range { get; init; }

    /// <summary>
    /// <see cref="Timeout.InfiniteTimeSpan"/> for leases that never end. dnsmasq takes no less than two minutes.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromHours(24);
}

internal enum DhcpMode
{
    /// <summary>dnsmasq is the network's DHCP server.</summary>
    Server,

    /// <summary>
    /// Another server gives addresses; dnsmasq adds only where to boot from (PXE specification 2.1, proxyDHCP).
    /// </summary>
    Proxy,

    /// <summary>Another server gives addresses and says where to boot from.</summary>
    Off,
}

/// <summary>First and last address that dnsmasq may lease, both included.</summary>
internal sealed record DhcpRange(IPAddress Low, IPAddress High)
{
    public bool Contains(IPAddress address) => Low.ToNumber() <= address.ToNumber() && address.ToNumber() <= High.ToNumber();

    /// <summary>How many addresses the range holds; zero or less when it is reversed.</summary>
    public long Count => (long)High.ToNumber() - Low.ToNumber() + 1;
}
