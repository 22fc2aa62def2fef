using System.Collections.Frozen;
using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>Finds a node by anything a machine may know about itself, in the same time for ten nodes and ten thousand.</summary>
internal sealed class NodeIndex(IReadOnlyList<Node> nodes)
{
    private readonly FrozenDictionary<MacAddress, Node> _byMac = nodes.ToFrozenDictionary(node => node.Mac);
    private readonly FrozenDictionary<Guid, Node> _byUuid =
        nodes.Where(node => node.Uuid is not null).ToFrozenDictionary(node => node.Uuid!.Value);
    private readonly FrozenDictionary<SerialNumber, Node> _bySerial =
        nodes.Where(node => node.Serial is not null).ToFrozenDictionary(node => node.Serial!.Value);
    private readonly FrozenDictionary<IPAddress, Node> _byAddress =
        nodes.Where(node => node.Ip is not null).ToFrozenDictionary(node => node.Ip!);

    private readonly FrozenDictionary<string, Node> _byHostName =
        nodes.DistinctBy(node => node.HostName, StringComparer.Ordinal).ToFrozenDictionary(
            node => node.HostName, StringComparer.Ordinal);

    /// <summary>The labels that no two nodes share: each names its node as well as a serial number would.</summary>
    private readonly FrozenDictionary<(string, string), Node> _byLabel = nodes
        .SelectMany(node => node.Labels.Select(label => (Label: (label.Key, label.Value), Node: node)))
        .GroupBy(pair => pair.Label)
        .Where(same => !same.Skip(1).Any())
        .ToFrozenDictionary(same => same.Key, same => same.First().Node);

    public Node? Find(MacAddress mac) => _byMac.GetValueOrDefault(mac);

    public Node? Find(Guid uuid) => _byUuid.GetValueOrDefault(uuid);

    public Node? Find(SerialNumber serial) => _bySerial.GetValueOrDefault(serial);

    public Node? Find(IPAddress address) => _byAddress.GetValueOrDefault(address);

    public Node? FindByHostName(string hostName) => _byHostName.GetValueOrDefault(hostName);

    /// <summary>As operators name one.</summary>
    /// <param name="name">MAC address, host name, serial number or UUID.</param>
    public Node? FindByName(string name) =>
        MacAddress.TryParse(name, null, out var mac)
            ? Find(mac)
            : FindByHostName(name.ToLowerInvariant())
                ?? (SerialNumber.TryParse(name, null, out var serial) ? Find(serial) : null)
                ?? (Guid.TryParse(name, out var uuid) ? Find(uuid) : null);

    public Node? FindByLabel(string name, string value) => _byLabel.GetValueOrDefault((name, value));
}
