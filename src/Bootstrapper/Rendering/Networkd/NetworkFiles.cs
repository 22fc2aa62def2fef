using System.Globalization;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Kubernetes;

namespace Bootstrapper.Rendering.Networkd;

/// <summary>
/// The network of an installed machine as systemd-networkd reads it (systemd.network(5), systemd.netdev(5)): a file for what is
/// made, and one for how each link is set up.
/// </summary>
internal static class NetworkFiles
{
    /// <summary>Before files of the operating system, the first of which that fits counts.</summary>
    private const string Folder = "/etc/systemd/network/10-bootstrapper-";

    private const string Readable = "0644";

    /// <param name="cluster">As the node sees it.</param>
    /// <returns>In the order of the links; none where nothing is said of them.</returns>
    public static IReadOnlyList<RenderedFile> Of(Node node, ClusterDescription cluster) =>
        node.InstalledNetwork is not { } network ? [] :
        [
            .. network.Links.Where(link => link.Kind != LinkKind.Card).Select(link =>
                new RenderedFile($"{Folder}{link.Name}.netdev", Readable, NetDev(link, node, network))),
            .. network.Links.Select(link =>
                new RenderedFile($"{Folder}{link.Name}.network", Readable, Network(link, node, network, cluster))),
        ];

    private static string NetDev(Link link, Node node, InstalledNetwork network)
    {
        var unit = new UnitWriter();
        unit.Section("NetDev",
            ("Name", link.Name),
            ("Kind", link.Kind.ToString().ToLowerInvariant()),
            // Else systemd makes up one of its own (systemd.link(5), MACAddressPolicy=persistent), and no DHCP server knows it.
            ("MACAddress", link.Kind == LinkKind.Vlan || network.CardOf(link) is not { } card ? null : MacOf(card, node)));
        unit.Section("Bond", link.Kind != LinkKind.Bond ? [] :
        [
            ("Mode", link.Mode),
            ("LACPTransmitRate", link.Mode != LinkKeys.Lacp ? null : link.LacpIsFast ? "fast" : "slow"),
            ("MIIMonitorSec", $"{Number(link.MiiInterval)}ms"),
            ("TransmitHashPolicy", link.HashPolicy),
        ]);
        unit.Section("Bridge", link.Kind != LinkKind.Bridge ? [] :
        [
            ("STP", link.SpanningTree ? "yes" : "no"),
            ("ForwardDelaySec", link.SpanningTree ? null : "0"), // the kernel waits without the protocol, too
        ]);
        unit.Section("VLAN", link.Kind != LinkKind.Vlan ? [] : [("Id", Number(link.Vlan))]);
        return unit.ToString();
    }

    private static string Network(Link link, Node node, InstalledNetwork network, ClusterDescription cluster)
    {
        var isMain = ReferenceEquals(link, network.Main);
        var owner = network.OwnerOf(link);
        var address = new LinkAddressing(link, node, network, cluster);
        var unit = new UnitWriter();
        unit.Section("Match", link.Kind == LinkKind.Card
            ? ("PermanentMACAddress", MacOf(link, node)) // a member of a bond has the bond's otherwise
            : ("Name", link.Name));
        unit.Section("Link",
            ("MTUBytes", link.Mtu is { } mtu ? Number(mtu) : null),
            ("RequiredForOnline", isMain ? null : "no"));
        unit.Section("Network",
        [
            ("Bond", owner?.Kind == LinkKind.Bond ? owner.Name : null),
            ("Bridge", owner?.Kind == LinkKind.Bridge ? owner.Name : null),
            .. network.Links.Where(vlan => vlan.Parent == link.Name).Select(vlan => ("VLAN", (string?)vlan.Name)),
            .. address.IsNone ? [("LinkLocalAddressing", "no"), ("IPv6AcceptRA", "no")] : Array.Empty<(string, string?)>(),
            ("DHCP", address.AsksDhcp ? "ipv4" : "no"),
            .. address.Static.Select(one => ("Address", (string?)one)),
            ("Gateway", address.Gateway?.ToString()),
            .. address.NameServers.Select(server => ("DNS", (string?)server.ToString())),
            ("Domains", address.SaysDomain ? cluster.DomainName : null),
            .. address.NtpServers.Select(server => ("NTP", (string?)server.ToString())),
        ]);
        unit.Section("DHCPv4", !address.AsksDhcp ? [] : [("ClientIdentifier", "mac"), ("UseDomains", "yes")]);
        foreach (var route in link.Routes)
        {
            unit.Section("Route",
                ("Destination", route.To.ToString()),
                ("Gateway", route.Via.ToString()),
                ("Metric", route.Metric is { } metric ? Number(metric) : null));
        }

        return unit.ToString();
    }

    private static string MacOf(Link card, Node node) => (card.Mac ?? node.Mac).ToString();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sections with what they say; those that say nothing are left out.</summary>
    private sealed class UnitWriter
    {
        private readonly StringBuilder _text = new("# Rendered by bootstrapper from cluster-desc.yml.\n");

        public void Section(string name, params IReadOnlyList<(string Name, string? Value)> settings)
        {
            var said = settings.Where(setting => setting.Value is not null).ToList();
            if (said.Count > 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $"[{name}]\n");
                said.ForEach(setting => _text.Append(CultureInfo.InvariantCulture, $"{setting.Name}={setting.Value}\n"));
            }
        }

        public override string ToString() => _text.ToString();
    }
}
