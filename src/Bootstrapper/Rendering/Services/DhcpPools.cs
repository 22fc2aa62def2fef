using System.Globalization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Services;

/// <summary>
/// Who draws which addresses of <c>iplow</c> to <c>iphigh</c>. Unknown machines, of which anybody makes up as many as they like,
/// have a part of it at its upper end, and keep an address for two minutes at a time; the rest is there for nodes alone. With
/// <c>unknown_nodes: ignore</c> they have none.
/// </summary>
/// <remarks>
/// dnsmasq looks first at pools whose tag fits and then at those without one (rfc2131.c and dhcp.c, address_allocate). So a
/// machine that becomes a node keeps the address that it has: its live system is about to install it.
/// </remarks>
internal static class DhcpPools
{
    /// <summary>Of the range, where that leaves enough for the nodes without a fixed address.</summary>
    private const int Share = 4, MostForUnknown = 256;

    /// <summary>dnsmasq's own.</summary>
    public static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(2);

    /// <summary>Pools as dnsmasq.conf has them, in its order, by network.</summary>
    public static ILookup<Network, DhcpPool> Of(ClusterDescription cluster)
    {
        var withoutAddress = cluster.Nodes.Where(node => node.Ip is null)
            .ToLookup<Node, Network>(cluster.NetworkOf, ReferenceEqualityComparer.Instance);
        return cluster.Networks
            .SelectMany(network => Of(cluster, network, withoutAddress[network].Count()).Select(pool => (network, pool)))
            .ToLookup<(Network On, DhcpPool Pool), Network, DhcpPool>(
                one => one.On, one => one.Pool, ReferenceEqualityComparer.Instance);
    }

    private static IReadOnlyList<DhcpPool> Of(ClusterDescription cluster, Network network, int withoutAddress)
    {
        if (network.Range is not { } range)
        {
            return [];
        }

        var (first, forUnknown) = (range.Low.ToNumber(), SizeForUnknown(cluster, range, withoutAddress));
        var forNodes = (uint)(range.Count - forUnknown);
        return
        [
            .. forNodes == 0 ? [] : new[] { new DhcpPool(first, forNodes, IsForNodes: true, network.Lease) },
            .. forUnknown == 0 ? [] : new[] { new DhcpPool(first + forNodes, forUnknown, IsForNodes: false, ShortestLease) },
        ];
    }

    public static string Seconds(TimeSpan lease) => lease == Timeout.InfiniteTimeSpan
        ? "infinite"
        : lease.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);

    private static uint SizeForUnknown(ClusterDescription cluster, DhcpRange range, int withoutAddress) =>
        cluster.UnknownNodes == UnknownNodes.Ignore ? 0
        : (uint)Math.Clamp(
            Math.Min(range.Count / Share, range.Count - withoutAddress), 1, MostForUnknown);
}

/// <param name="First">As a number, like <paramref name="Count"/>.</param>
/// <param name="IsForNodes">Whether no other machine may draw from it.</param>
/// <param name="Time">How long an address of it is leased; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
internal sealed record DhcpPool(uint First, uint Count, bool IsForNodes, TimeSpan Time)
{
    /// <summary>What a machine must have, as dnsmasq is told, with a comma; empty for all.</summary>
    public string Tag => IsForNodes ? "tag:known," : "";

    public string Low => Ipv4.ToAddress(First).ToString();

    public string High => Ipv4.ToAddress(First + Count - 1).ToString();

    /// <summary>In seconds, or <c>infinite</c>.</summary>
    public string Lease => DhcpPools.Seconds(Time);

    public bool Contains(uint address) => address - First < Count;
}
