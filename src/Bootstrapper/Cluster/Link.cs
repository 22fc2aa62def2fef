using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>A card of an installed machine, or what is made of cards.</summary>
internal sealed record Link(Section From) : Settings
{
    /// <summary>The card that the machine boots from: <see cref="Node.Mac"/>.</summary>
    public const string Boot = "boot";

    public Link()
        : this(Section.None)
    {
    }

    /// <summary>Of the interface, but for a card's: those keep what the system calls them.</summary>
    public string Name { get; init; } = From.Given(LinkKeys.Name)?.Value ?? "";

    public LinkKind Kind { get; init; } = From.Value(LinkKeys.Kind);

    /// <summary>Of a card; <c>null</c> for <see cref="Boot"/>.</summary>
    public MacAddress? Mac { get; init; } = From.Given(LinkKeys.Mac)?.Value;

    /// <summary>Of a bond or a bridge, by name; of a bond, cards alone.</summary>
    public IReadOnlyList<string> Members { get; init; } = From.Values(LinkKeys.Members);

    /// <summary>What carries a VLAN, by name.</summary>
    public string? Parent { get; init; } = From.Given(LinkKeys.Parent)?.Value;

    /// <summary>Of a VLAN.</summary>
    public int Vlan { get; init; } = From.Given(LinkKeys.Vlan)?.Value ?? 0;

    /// <summary>Of a bond, in the kernel's words.</summary>
    public string Mode { get; init; } = From.Value(LinkKeys.Mode);

    /// <summary>Of a bond with LACP: whether its partner is asked to send every second, not every thirty.</summary>
    public bool LacpIsFast { get; init; } = From.Value(LinkKeys.LacpRate);

    /// <summary>Of a bond: how often it looks whether its cards have a link, in milliseconds.</summary>
    public int MiiInterval { get; init; } = From.Value(LinkKeys.MiiInterval);

    /// <summary>Of a bond, in the kernel's words; <c>null</c> for the kernel's own.</summary>
    public string? HashPolicy { get; init; } = From.Given(LinkKeys.HashPolicy)?.Value;

    /// <summary>Of a bridge: whether it takes part in the spanning tree protocol.</summary>
    public bool SpanningTree { get; init; } = From.Value(LinkKeys.SpanningTree);

    /// <summary>Without a length of the prefix it is that of the network which the address is in.</summary>
    public IReadOnlyList<SubnetText> Addresses { get; init; } = From.Values(LinkKeys.Addresses);

    /// <summary><c>null</c> where it is not said: see <see cref="InstalledNetwork.Main"/>.</summary>
    public bool? Dhcp { get; init; } = From.Given(LinkKeys.Dhcp)?.Value;

    public IPAddress? Gateway { get; init; } = From.Given(LinkKeys.Gateway)?.Value;

    public IReadOnlyList<Route> Routes { get; init; } =
        [.. From.Sections(LinkKeys.Routes).Select(route => new Route(
            route.Value(RouteKeys.To), route.Value(RouteKeys.Via), route.Given(RouteKeys.Metric)?.Value))];

    /// <summary>DNS servers that are asked over it.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } = From.Values(LinkKeys.NameServers);

    /// <summary>In bytes; <c>null</c> for what the card has, or DHCP says.</summary>
    public int? Mtu { get; init; } = From.Given(LinkKeys.Mtu)?.Value;

    /// <summary>Those that it is made of, by name.</summary>
    public IEnumerable<string> Below => Parent is null ? Members : [.. Members, Parent];
}

internal enum LinkKind
{
    Card,
    Bond,
    Bridge,
    Vlan,
}

/// <param name="Metric"><c>null</c> for the kernel's own. Of two routes to one network the lower one is taken.</param>
internal sealed record Route(IPNetwork To, IPAddress Via, int? Metric);

/// <summary>An entry of <c>network.links</c>.</summary>
internal static class LinkKeys
{
    public const string ActiveBackup = "active-backup", Lacp = "802.3ad";

    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Name = All.Required("name", NameSyntax.Link,
        "Name by which other links, and the profile or its nodes, speak of it; of all but cards, that of the interface, too. "
            + "boot is the card that the machine boots from, the node's mac.");

    public static readonly ValueKey<LinkKind> Kind = All.Value("kind",
        Choice.Of([
            ("card", LinkKind.Card), ("bond", LinkKind.Bond), ("bridge", LinkKind.Bridge), ("vlan", LinkKind.Vlan)]),
        "card, or what is made of them: a bond, a bridge or a vlan.", fallback: "card");

    public static readonly ValueKey<MacAddress> Mac = All.Value("mac", NetworkSyntax.Mac,
        "Hardware address of the card, which each has but boot.");

    public static readonly ListKey<string> Members = All.List("members", NameSyntax.Link,
        "Of a bond: its cards. Of a bridge: cards, bonds and VLANs that are on it.");

    public static readonly ValueKey<string> Parent = All.Value("parent", NameSyntax.Link,
        "Of a VLAN: the card, bond or bridge that carries it.");

    public static readonly ValueKey<int> Vlan = All.Value("vlan", NetworkSyntax.Vlan,
        "Number of the VLAN whose frames are tagged with it.");

    public static readonly ValueKey<string> Mode = All.Value("mode",
        Choice.Of([.. Modes.Select(mode => (mode, mode))]),
        "How a bond shares its cards. 802.3ad is LACP, which the switch must do, too.", fallback: ActiveBackup);

    public static readonly ValueKey<bool> LacpRate = All.Value("lacp_rate",
        Choice.Of([("slow", false), ("fast", true)]),
        "How often the switch is asked to say that it is there. slow: every 30 seconds. fast: every second.", fallback: "slow");

    public static readonly ValueKey<int> MiiInterval = All.Value("mii_interval", TextSyntax.Milliseconds,
        "How often a bond looks whether its cards have a link, in milliseconds.", fallback: "100");

    public static readonly ValueKey<string> HashPolicy = All.Value("hash_policy",
        Choice.Of([.. HashPolicies.Select(policy => (policy, policy))]),
        "By what a bond divides frames among its cards, in modes that do. Default: the kernel's, layer2.");

    public static readonly ValueKey<bool> SpanningTree = All.Value("stp", TextSyntax.Flag,
        "Whether a bridge takes part in the spanning tree protocol; then it forwards nothing for its first 30 seconds.",
        fallback: "n");

    public static readonly ListKey<SubnetText> Addresses = All.List("addresses", NetworkSyntax.HostAddress,
        "Static addresses with the size of their network, which may be left out where one of networks has it. "
            + "Default: the node's ip on what it boots from, else none.");

    public static readonly ValueKey<bool> Dhcp = All.Value("dhcp", TextSyntax.Flag,
        "Whether the link takes what DHCP gives. Default: y on what the machine boots from without a static address, else n.");

    public static readonly ValueKey<IPAddress> Gateway = All.Value("gateway", NetworkSyntax.Address,
        "Default gateway, in a network of the link. Default: the network's first router, on what the machine boots from.");

    public static readonly SectionListKey Routes = All.Sections("routes", RouteKeys.All,
        "Networks that are reached over other routers. Default: none.");

    public static readonly ListKey<IPAddress> NameServers = All.List("nameservers", NetworkSyntax.Address,
        "DNS servers. Default: the network's, on what the machine boots from.");

    public static readonly ValueKey<int> Mtu = All.Value("mtu", NetworkSyntax.Mtu,
        "Largest packet in bytes, with IP's head. Default: 1500, or what DHCP says.");

    /// <summary>What a member of a bond or a bridge has not, since that has it.</summary>
    public static IReadOnlyList<Key> OfNetwork => [Addresses, Dhcp, Gateway, Routes, NameServers];

    public static IReadOnlyList<Key> OfBonds => [Mode, LacpRate, MiiInterval, HashPolicy];

    /// <summary>Linux, Documentation/networking/bonding.rst.</summary>
    private static IReadOnlyList<string> Modes =>
        ["balance-rr", ActiveBackup, "balance-xor", "broadcast", Lacp, "balance-tlb", "balance-alb"];

    private static IReadOnlyList<string> HashPolicies => ["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4"];
}

/// <summary>An entry of <c>routes</c>.</summary>
internal static class RouteKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<IPNetwork> To = All.Required("to", NetworkSyntax.Network,
        "The network that the route leads to.");

    public static readonly ValueKey<IPAddress> Via = All.Required("via", NetworkSyntax.Address,
        "Router that leads there, in a network of the link.");

    public static readonly ValueKey<int> Metric = All.Value("metric", TextSyntax.Count,
        "Of two routes to one network the one with the lower number is taken. Default: the kernel's.");
}
