using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>
/// Tells which machine is behind an address: by what the description fixes, by what DHCP gave, by what the kernel sees on the
/// wire.
/// </summary>
internal sealed class MachineAddresses(LeaseFile leases, NeighbourTable neighbours, Identities identities)
{
    public bool IsAt(Node node, IPAddress address) => node.Ip is { } ip && ip.Equals(address) || IsAt(node.Mac, address);

    /// <param name="mac">As the machine is recorded; it may have spoken from another of its cards.</param>
    public bool IsAt(MacAddress mac, IPAddress address) => SeenAt(address).Contains(mac);

    /// <summary>
    /// A card that answers at an address and is not known to be the node's: somebody took the address, or the node has a card
    /// that it has not told of yet.
    /// </summary>
    public MacAddress? OtherCardAt(Node node, IPAddress address) =>
        neighbours.Find(address).Where(card => card != node.Mac && identities.Of(card) != node.Mac)
            .Cast<MacAddress?>().FirstOrDefault();

    /// <summary>For the record, where a wrong answer does no harm.</summary>
    public MacAddress? MachineAt(IPAddress address, NodeIndex nodes) =>
        leases.Find(address) is { } leased
            ? identities.Of(leased)
            : nodes.Find(address)?.Mac ?? SeenAt(address).Cast<MacAddress?>().FirstOrDefault();

    public Node? NodeAt(IPAddress address, NodeIndex nodes) =>
        nodes.Find(address) ?? SeenAt(address).Select(nodes.Find).FirstOrDefault(node => node is not null);

    /// <summary>
    /// By DHCP first, then by the kernel. A card that the description names is that node's, whatever another one says.
    /// </summary>
    private IEnumerable<MacAddress> SeenAt(IPAddress address) =>
        new[] { leases.Find(address) }.OfType<MacAddress>().Concat(neighbours.Find(address))
            .SelectMany(card => new[] { card, identities.Of(card) }).Distinct();
}
