using System.Globalization;
using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>
/// A layer-2 network that machines are on: one that this host is on, too, or one whose router relays what they ask for by DHCP.
/// </summary>
internal sealed record Network(Section From) : Settings
{
    public Network()
        : this(Section.None)
    {
    }

    /// <summary>By which nodes refer to it; empty for the one that the top level describes.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Our address as machines there reach us, in it or behind a router; <c>null</c> for
    /// <see cref="ClusterDescription.Bootstrapper"/>.
    /// </summary>
    public IPAddress? Bootstrapper { get; init; }

    /// <summary>
    /// The interface of ours that is on it, a VLAN's included; <c>null</c> for the one that has the address, and behind a router.
    /// </summary>
    public string? Interface { get; init; }

    public IPNetwork Subnet { get; init; } = SubnetOf(From);

    public IPAddress Broadcast { get => field ?? Subnet.Last(); init; } = From.Given(NetworkKeys.Broadcast)?.Value!;

    /// <summary>Default gateways for nodes; none in a rack without a way out.</summary>
    public IReadOnlyList<IPAddress> Routers { get; init; } = From.Values(NetworkKeys.Routers);

    /// <summary>What DHCP leases; <c>null</c> where that is not ours to do.</summary>
    public DhcpRange? Range { get; init; } = DhcpSettings.RangeOf(From);

    /// <summary>
    /// <see cref="Timeout.InfiniteTimeSpan"/> for leases that never end. dnsmasq takes no less than two minutes.
    /// </summary>
    public TimeSpan Lease { get; init; } = DhcpSettings.LeaseOf(From);

    /// <summary>DNS servers for nodes.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } =
        From.Saying(NetworkKeys.NameServers).Values(NetworkKeys.NameServers) is { Length: > 0 } servers
            ? servers
            : [AddressIn(From)];

    public IReadOnlyList<IPAddress> NtpServers { get; init; } =
        From.Saying(NetworkKeys.NtpServers) is var clock && (clock.Has(NetworkKeys.NtpServers) || !From.Value(NetworkKeys.SetNtp))
            ? clock.Values(NetworkKeys.NtpServers)
            : [AddressIn(From)];

    public IPAddress Netmask => Ipv4.ToAddress(Ipv4.Mask(Subnet.PrefixLength));

    /// <summary>An entry of <c>networks</c>.</summary>
    public static Network Named(Section entry) => new(entry)
    {
        Name = entry.Value(NetworkKeys.Name),
        Bootstrapper = AddressIn(entry),
        Interface = InterfaceOf(entry),
    };

    /// <summary>Whom we ask for names that are not ours.</summary>
    public static IReadOnlyList<IPAddress> UpstreamOf(Section cluster) => cluster.Values(NetworkKeys.UpstreamNameServers);

    /// <summary>What <c>subnet</c> and <c>netmask</c> say of one network, each alone or both, where nothing is wrong.</summary>
    public static IPNetwork SubnetOf(Section network) =>
        network.Given(NetworkKeys.Subnet)?.Value is { } subnet
            ? new IPNetwork(subnet.Address, subnet.PrefixLength ?? network.Value(NetworkKeys.Netmask))
            : default;

    /// <summary>Linux names a VLAN's interface so where nobody names it.</summary>
    public static string? InterfaceOf(Section entry) => entry.Given(NetworkKeys.Interface)?.Value is not { } name ? null
        : entry.Given(NetworkKeys.Vlan)?.Value is { } vlan ? string.Create(CultureInfo.InvariantCulture, $"{name}.{vlan}")
        : name;

    private static IPAddress AddressIn(Section network) =>
        network.Mine(NetworkKeys.Bootstrapper)?.Value ?? network.Value(ClusterKeys.Bootstrapper);
}

/// <summary>What the top level and each of <c>networks</c> say of a network; its parts stand apart in the docs.</summary>
internal static class NetworkKeys
{
    public static readonly KeySet Extent = new(), Servers = new(), Upstream = new(), Clock = new(), Time = new();

    private static readonly KeySet Own = new(), Place = new();

    public static readonly ValueKey<string> Name = Own.Required("name", NameSyntax.NetworkName,
        "Name by which nodes refer to the network.");

    public static readonly ValueKey<SubnetText> Subnet = Extent.Value("subnet", NetworkSyntax.Subnet,
        "The network of the machines, as 10.10.10.0/24, or as 10.10.10.0 with a netmask. Required where there are no networks.");

    public static readonly ValueKey<int> Netmask = Extent.Value("netmask", NetworkSyntax.Netmask,
        "Size of the subnet, where subnet does not say it.");

    public static readonly ListKey<IPAddress> Routers = Servers.List("routers", NetworkSyntax.Address,
        "Default gateways of the machines. Default: none.");

    public static readonly ValueKey<IPAddress> Broadcast = Servers.Value("broadcast", NetworkSyntax.Address,
        "Broadcast address of the subnet. Default: its last address.");

    public static readonly ListKey<IPAddress> NameServers = Servers.List("nameservers", NetworkSyntax.Address,
        "DNS servers of the machines. Default: the bootstrapper.");

    public static readonly ListKey<IPAddress> UpstreamNameServers = Upstream.List("upstreamnameservers", NetworkSyntax.Address,
        "DNS servers that the bootstrapper asks for names that are not its own. "
            + "Default: none, as suits a network without internet.");

    public static readonly ValueKey<bool> SetNtp = Clock.Value("set_ntp", TextSyntax.Flag,
        "Whether machines are told to take the time from the bootstrapper. Has no effect beside ntp_servers.", fallback: "n");

    public static readonly ListKey<IPAddress> NtpServers = Time.List("ntp_servers", NetworkSyntax.Address,
        "Servers from which machines take the time. Default: the bootstrapper where set_ntp is y, else none.");

    public static readonly ValueKey<IPAddress> Bootstrapper = Place.Value("bootstrapper", NetworkSyntax.Address,
        "Address of the bootstrapper server in the network. Default: none, and the network's router relays DHCP; or the top "
            + "level's, where that is in the subnet.");

    public static readonly ValueKey<string> Interface = Place.Value("interface", NameSyntax.Interface,
        "Interface of the bootstrapper server that is on the network. Default: the one that holds the address bootstrapper.");

    public static readonly ValueKey<int> Vlan = Place.Value("vlan", NetworkSyntax.Vlan,
        "Number of the VLAN whose frames are tagged on the interface: eth0 with 120 is eth0.120.");

    /// <summary>Of an entry of <c>networks</c>.</summary>
    public static readonly KeySet All = new(Own, Extent, DhcpKeys.Range, Servers, DhcpKeys.LeaseTime, Time, Place);
}
