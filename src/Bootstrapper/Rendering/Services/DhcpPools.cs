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

    private const int ShortestLease = 120; // dnsmasq's own, in seconds

    /// <summary>Pools as dnsmasq.conf has them, in its order.</summary>
    public static IReadOnlyList<DhcpPool> Of(ClusterDescription cluster)
    {
        if (cluster.Dhcp.Range is not { } range)
        {
            return [];
        }

        var (first, forUnknown) = (range.Low.ToNumber(), SizeForUnknown(cluster, range));
        var forNodes = (uint)(range.Count - forUnknown);
        return
        [
            .. forNodes == 0 ? [] : new[] { Pool("tag:known,", first, forNodes, Seconds(cluster.Dhcp.Lease)) },
            .. forUnknown == 0 ? [] : new[] { Pool("", first + forNodes, forUnknown, $"{ShortestLease}") },
        ];
    }

    public static string Seconds(TimeSpan lease) => lease == Timeout.InfiniteTimeSpan
        ? "infinite"
        : lease.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);

    private static uint SizeForUnknown(ClusterDescription cluster, DhcpRange range) =>
        cluster.UnknownNodes == UnknownNodes.Ignore ? 0
        : (uint)Math.Clamp(
            Math.Min(range.Count / Share, range.Count - cluster.Nodes.Count(node => node.Ip is null)), 1, MostForUnknown);

    private static DhcpPool Pool(string tag, uint first, uint count, string lease) =>
        new(tag, Ipv4.ToAddress(first).ToString(), Ipv4.ToAddress(first + count - 1).ToString(), lease);
}

/// <param name="Tag">What a machine must have, with a comma; empty for all.</param>
/// <param name="Lease">In seconds, or <c>infinite</c>.</param>
internal sealed record DhcpPool(string Tag, string Low, string High, string Lease);
