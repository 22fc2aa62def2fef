using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>The layer-2 network that the machines and the bootstrapper share.</summary>
internal sealed record Network(Section From) : Settings
{
    public Network()
        : this(Section.None)
    {
    }

    public IPNetwork Subnet { get; init; } = SubnetOf(From);

    public IPAddress Broadcast { get => field ?? Subnet.Last(); init; } = From.Given(NetworkKeys.Broadcast)?.Value!;

    /// <summary>Default gateways for nodes; none in a rack without a way out.</summary>
    public IReadOnlyList<IPAddress> Routers { get; init; } = From.Values(NetworkKeys.Routers);

    /// <summary>DNS servers for nodes.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } = From.Values(NetworkKeys.NameServers) is { Length: > 0 } servers
        ? servers
        : [From.Value(ClusterKeys.Bootstrapper)];

    /// <summary>
    /// Whom the bootstrapper asks for names outside <see cref="ClusterDescription.DomainName"/>; empty when offline.
    /// </summary>
    public IReadOnlyList<IPAddress> UpstreamNameServers { get; init; } = From.Values(NetworkKeys.UpstreamNameServers);

    public IReadOnlyList<IPAddress> NtpServers { get; init; } =
        From.Has(NetworkKeys.NtpServers) || !From.Value(NetworkKeys.SetNtp)
            ? From.Values(NetworkKeys.NtpServers)
            : [From.Value(ClusterKeys.Bootstrapper)];

    public IPAddress Netmask => Ipv4.ToAddress(Ipv4.Mask(Subnet.PrefixLength));

    /// <summary>What <c>subnet</c> and <c>netmask</c> say of one network, each alone or both, where nothing is wrong.</summary>
    public static IPNetwork SubnetOf(Section cluster) =>
        cluster.Given(NetworkKeys.Subnet)?.Value is { } subnet
            ? new IPNetwork(subnet.Address, subnet.PrefixLength ?? cluster.Value(NetworkKeys.Netmask))
            : default;
}

/// <summary>What the top level says of the network; its parts stand apart in the documentation.</summary>
internal static class NetworkKeys
{
    public static readonly KeySet Extent = new(), Servers = new(), Time = new();

    public static readonly ValueKey<SubnetText> Subnet = Extent.Required("subnet", NetworkSyntax.Subnet,
        "The network of the machines, as 10.10.10.0/24, or as 10.10.10.0 with a netmask.");

    public static readonly ValueKey<int> Netmask = Extent.Value("netmask", NetworkSyntax.Netmask,
        "Size of the subnet, where subnet does not say it.");

    public static readonly ListKey<IPAddress> Routers = Servers.List("routers", NetworkSyntax.Address,
        "Default gateways of the machines. Default: none.");

    public static readonly ValueKey<IPAddress> Broadcast = Servers.Value("broadcast", NetworkSyntax.Address,
        "Broadcast address of the subnet. Default: its last address.");

    public static readonly ListKey<IPAddress> NameServers = Servers.List("nameservers", NetworkSyntax.Address,
        "DNS servers of the machines. Default: the bootstrapper.");

    public static readonly ListKey<IPAddress> UpstreamNameServers = Servers.List("upstreamnameservers", NetworkSyntax.Address,
        "DNS servers that the bootstrapper asks for names that are not its own. "
            + "Default: none, as suits a network without internet.");

    public static readonly ValueKey<bool> SetNtp = Time.Value("set_ntp", TextSyntax.Flag,
        "Whether machines are told to take the time from the bootstrapper. Has no effect beside ntp_servers.", fallback: "n");

    public static readonly ListKey<IPAddress> NtpServers = Time.List("ntp_servers", NetworkSyntax.Address,
        "Servers from which machines take the time. Default: the bootstrapper where set_ntp is y, else none.");
}
