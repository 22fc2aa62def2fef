using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>
/// Tells which machine is behind an address: by what the description fixes, by what DHCP gave, by what the kernel sees on the
/// wire.
/// </summary>
internal sealed class MachineAddresses(LeaseFile leases, NeighbourTable neighbours, Identities identities)
{
    /// <summary>What is known of whoever speaks from an address now, for what may give out a secret.</summary>
    /// <param name="opening">Of the connection that it speaks over; <c>null</c> where the kernel keeps none.</param>
    public Speaker SpeakerAt(IPAddress address, Opening? opening) =>
        new(address, leases.Find(address), [.. neighbours.Find(address)], opening);

    /// <summary>Why whoever speaks is not to be taken for a node: see <see cref="Speaker"/>.</summary>
    /// <returns><c>null</c> when it speaks for the node.</returns>
    public Denial? RefusalOf(Speaker speaker, Node node, Snapshot snapshot) =>
        speaker.Refusal(node, snapshot.Cluster, card => OwnerOf(card, snapshot.Nodes));

    /// <summary>Whose card it is: the one that the description names, or one that an operator accepted.</summary>
    /// <returns><c>null</c> where it is nobody's, or a machine's that is no node.</returns>
    public Node? OwnerOf(MacAddress card, NodeIndex nodes) =>
        nodes.Find(card) ?? (identities.OwnerOf(card) is { } mac ? nodes.Find(mac) : null);

    /// <summary>
    /// Whether a machine itself speaks, for the record and the loop guard, where a wrong answer gives nobody a secret. Where the
    /// wire decides who is a node, another card at its address neither makes it wait nor brings it on.
    /// </summary>
    /// <param name="opening">As for <see cref="SpeakerAt"/>; <c>null</c> over TFTP, too.</param>
    public bool IsAt(MacAddress mac, IPAddress address, Opening? opening, Snapshot snapshot) =>
        snapshot.Nodes.Find(mac) is not { } node ? SeenAt(address).Contains(mac)
        : snapshot.Cluster.Secrets == SecretsPolicy.Guarded ? RefusalOf(SpeakerAt(address, opening), node, snapshot) is null
        : node.Ip is { } ip && ip.Equals(address) || SeenAt(address).Contains(mac);

    /// <summary>For the record, where a wrong answer does no harm.</summary>
    public MacAddress? MachineAt(IPAddress address, NodeIndex nodes) =>
        leases.Find(address) is { } leased
            ? identities.Of(leased)
            : nodes.Find(address)?.Mac ?? SeenAt(address).Cast<MacAddress?>().FirstOrDefault();

    /// <summary>
    /// Whose address it is: fixed by the description, or leased to a card of the node; where others lease, as the wire shows.
    /// </summary>
    public Node? NodeGiven(IPAddress address, Snapshot snapshot) =>
        snapshot.Nodes.Find(address)
        ?? (leases.Find(address) is { } card ? OwnerOf(card, snapshot.Nodes)
            : snapshot.Cluster.Dhcp.Mode == DhcpMode.Server ? null
            : neighbours.Find(address).Select(seen => OwnerOf(seen, snapshot.Nodes)).FirstOrDefault(node => node is not null));

    public Node? NodeAt(IPAddress address, NodeIndex nodes) =>
        nodes.Find(address) ?? SeenAt(address).Select(nodes.Find).FirstOrDefault(node => node is not null);

    /// <summary>
    /// By DHCP first, then by the kernel. A card that the description names is that node's, whatever another one says.
    /// </summary>
    private IEnumerable<MacAddress> SeenAt(IPAddress address) =>
        new[] { leases.Find(address) }.OfType<MacAddress>().Concat(neighbours.Find(address))
            .SelectMany(card => new[] { card, identities.Of(card) }).Distinct();
}
