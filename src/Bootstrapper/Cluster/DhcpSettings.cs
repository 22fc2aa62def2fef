using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>How machines get their addresses, and from whom.</summary>
internal sealed record DhcpSettings(Section From) : Settings
{
    public DhcpSettings()
        : this(Section.None)
    {
    }

    public DhcpMode Mode { get; init; } = ModeOf(From)!.Value;

    /// <summary>Who answers where <see cref="Mode"/> is <see cref="DhcpMode.Server"/>.</summary>
    public DhcpEngine Engine { get; init; } = From.Value(DhcpKeys.Engine);

    /// <returns><c>null</c> where <c>dhcp</c> or <c>start_pxe</c> could not be read, or contradict each other.</returns>
    public static DhcpMode? ModeOf(Section cluster)
    {
        var (dhcp, startPxe) = (cluster.Given(DhcpKeys.Dhcp), cluster.Given(DhcpKeys.StartPxe));
        var isUnclear = (cluster.Has(DhcpKeys.Dhcp) && dhcp is null) || (cluster.Has(DhcpKeys.StartPxe) && startPxe is null);
        return isUnclear || AreContradictory(dhcp, startPxe) ? null
            : dhcp?.Value ?? (startPxe is { Value: false } ? DhcpMode.Off : DhcpMode.Server);
    }

    public static bool AreContradictory(Stated<DhcpMode>? dhcp, Stated<bool>? startPxe) =>
        dhcp is not null && startPxe is not null && startPxe.Value == (dhcp.Value == DhcpMode.Off);

    public static TimeSpan LeaseOf(Section network) => network.Saying(DhcpKeys.Lease).Value(DhcpKeys.Lease);

    /// <returns><c>null</c> where DHCP is not ours, and where an end is missing.</returns>
    public static DhcpRange? RangeOf(Section network) =>
        ModeOf(network) == DhcpMode.Server
            && network.Given(DhcpKeys.Low) is { } low && network.Given(DhcpKeys.High) is { } high
            ? new DhcpRange(low.Value, high.Value)
            : null;
}

internal enum DhcpMode
{
    /// <summary>We are the network's DHCP server.</summary>
    Server,

    /// <summary>
    /// Another server gives addresses; dnsmasq adds only where to boot from (PXE specification 2.1, proxyDHCP).
    /// </summary>
    Proxy,

    /// <summary>Another server gives addresses and says where to boot from.</summary>
    Off,
}

/// <summary>Which program gives out the addresses.</summary>
internal enum DhcpEngine
{
    /// <summary>Nobody said; how many nodes there are decides.</summary>
    Auto,

    Dnsmasq,

    /// <summary>Our own, which is as quick for ten thousand nodes as for ten.</summary>
    BuiltIn,
}

/// <summary>First and last address that DHCP may lease, both included.</summary>
internal sealed record DhcpRange(IPAddress Low, IPAddress High)
{
    public bool Contains(IPAddress address) => Low.ToNumber() <= address.ToNumber() && address.ToNumber() <= High.ToNumber();

    /// <summary>How many addresses the range holds; zero or less when it is reversed.</summary>
    public long Count => (long)High.ToNumber() - Low.ToNumber() + 1;
}

/// <summary>What the top level says of DHCP; its parts stand apart in the documentation.</summary>
internal static class DhcpKeys
{
    public static readonly KeySet Range = new(), Service = new(), LeaseTime = new();

    public static readonly ValueKey<IPAddress> Low = Range.Value("iplow", NetworkSyntax.Address,
        "First address that DHCP may lease. Required when dhcp is server.");

    public static readonly ValueKey<IPAddress> High = Range.Value("iphigh", NetworkSyntax.Address,
        "Last address that DHCP may lease. Required when dhcp is server.");

    public static readonly ValueKey<DhcpMode> Dhcp = Service.Value(
        "dhcp", Choice.Of([("server", DhcpMode.Server), ("proxy", DhcpMode.Proxy), ("off", DhcpMode.Off)]),
            "server: give out addresses. proxy: another server does, add only where to boot from. "
                + "off: another server does both. Default: server, or off where start_pxe is n.");

    public static readonly ValueKey<bool> StartPxe = Service.Value("start_pxe", TextSyntax.Flag,
        "sextant's name for dhcp: y leaves it alone, n is dhcp: off.");

    public static readonly ValueKey<DhcpEngine> Engine = Service.Value(
        "dhcp_server",
        Choice.Of([("auto", DhcpEngine.Auto), ("dnsmasq", DhcpEngine.Dnsmasq), ("built-in", DhcpEngine.BuiltIn)]),
        "Which program gives out the addresses. dnsmasq: does so for some hundred nodes. built-in: the bootstrapper's own "
            + "server, for any number. auto: dnsmasq for up to 500 nodes, and with more built-in, unless a template of the "
            + "operator's is for dnsmasq's DHCP.",
        fallback: "auto");

    public static readonly ValueKey<TimeSpan> Lease = LeaseTime.Value("lease", TimeSyntax.Lease,
        "How long a machine may keep a leased address without asking again: seconds, or a number with m, h, d or w, or infinite.",
        fallback: "24h");
}
