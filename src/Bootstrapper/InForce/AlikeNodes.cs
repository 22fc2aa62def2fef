using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Rendering.Networkd;

namespace Bootstrapper.InForce;

/// <summary>
/// Thousands of machines are often described alike, but for who they are: what a template makes of one of them, it makes of all.
/// </summary>
internal sealed class AlikeNodes
{
    private readonly IReadOnlyList<IReadOnlyList<Node>> _kinds;
    private readonly FrozenDictionary<MacAddress, int> _kindOf;

    public AlikeNodes(ClusterDescription cluster)
    {
        _kinds =
        [
            .. cluster.Nodes.GroupBy(node => (cluster.NetworkOf(node).Name, Description(node), Links(node, cluster)))
                .Select(kind => (IReadOnlyList<Node>)[.. kind]),
        ];
        _kindOf = _kinds.Index().SelectMany(kind => kind.Item.Select(node => (node.Mac, kind.Index)))
            .ToFrozenDictionary(pair => pair.Mac, pair => pair.Index);
    }

    /// <summary>The first of each kind.</summary>
    public IEnumerable<Node> OneOfEach => _kinds.Select(kind => kind[0]);

    /// <returns>The same number for those that are described alike, and for no others.</returns>
    public int KindOf(Node node) => _kindOf[node.Mac];

    /// <summary>Those of which there are most come first.</summary>
    public IEnumerable<IReadOnlyList<Node>> Largest(int most) => _kinds.OrderByDescending(kind => kind.Count).Take(most);

    /// <summary>
    /// All that is said of a node but its names and addresses, of which it counts only whether there is one. A serial number may
    /// have characters that mean something to the file that it is printed into; a plain one is like any other.
    /// </summary>
    private static (string Traits, bool HasIp, bool HasSerial) Description(Node node) => (
        JsonSerializer.Serialize(node with
        {
            Mac = default,
            HostName = "",
            Ip = null,
            Uuid = null,
            Serial = node.Serial is { } serial && !serial.Value.All(char.IsAsciiLetterOrDigit) ? serial : null,
            Bmc = null,
            InstalledNetwork = null,
        }),
        node.Ip is not null,
        node.Serial is not null);

    /// <summary>What networkd is told, but for the addresses of all kinds.</summary>
    private static string Links(Node node, ClusterDescription cluster)
    {
        if (node.InstalledNetwork is not { } network)
        {
            return "";
        }

        var anyone = node with
        {
            Mac = default,
            Ip = node.Ip is null ? null : cluster.NetworkOf(node).Subnet.BaseAddress,
            InstalledNetwork = new([.. network.Links.Select(Nameless)]),
        };
        return string.Concat(NetworkFiles.Of(anyone, cluster.SeenFrom(node)).Select(file => file.Path + file.Content));
    }

    private static Link Nameless(Link link) => link with
    {
        Mac = link.Mac is null ? null : default(MacAddress),
        Addresses = [.. link.Addresses.Select(address => new SubnetText(IPAddress.Any, address.PrefixLength ?? 0))],
    };
}
