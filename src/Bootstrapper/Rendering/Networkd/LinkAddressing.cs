using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Networkd;

/// <summary>
/// The addresses of a link and what belongs to them. What is not said of the link that a machine boots from is as it was while it
/// booted: the node's address, the network's router and servers.
/// </summary>
internal sealed class LinkAddressing
{
    /// <param name="cluster">As the node sees it.</param>
    public LinkAddressing(Link link, Node node, InstalledNetwork network, ClusterDescription cluster)
    {
        var isMain = ReferenceEquals(link, network.Main);
        var isMember = network.OwnerOf(link) is not null;
        var isKept = isMain && link is { Addresses.Count: 0, Dhcp: not true } && cluster.Dhcp.Mode == DhcpMode.Server;
        var addresses = isKept && node.Ip is { } ip ? [new SubnetText(ip, PrefixLength: null)] : link.Addresses;
        Static = [.. addresses.Select(address => $"{address.Address}/{LengthOf(address, cluster)}")];
        AsksDhcp = !isMember && (link.Dhcp ?? (isMain && addresses.Count == 0));
        var isTold = isMain && addresses.Count > 0; // else DHCP says it
        Gateway = link.Gateway ?? (isTold && !AsksDhcp && network.Links.All(other => other.Gateway is null)
            && cluster.Network.Routers is [var router, ..] ? router : null);
        NameServers = link.NameServers.Count > 0 || !isTold ? link.NameServers : cluster.Network.NameServers;
        NtpServers = isTold ? cluster.Network.NtpServers : [];
        SaysDomain = isTold;
    }

    /// <summary>With the length of their network's prefix.</summary>
    public IReadOnlyList<string> Static { get; }

    public bool AsksDhcp { get; }

    /// <summary>Whether it is for others to use, such as a member of a bond.</summary>
    public bool IsNone => Static.Count == 0 && !AsksDhcp;

    public IPAddress? Gateway { get; }

    public IReadOnlyList<IPAddress> NameServers { get; }

    public IReadOnlyList<IPAddress> NtpServers { get; }

    /// <summary>Whether names without a dot are the cluster's.</summary>
    public bool SaysDomain { get; }

    private static int LengthOf(SubnetText address, ClusterDescription cluster) =>
        address.PrefixLength ?? (cluster.NetworkOf(address.Address) ?? cluster.Network).Subnet.PrefixLength;
}
