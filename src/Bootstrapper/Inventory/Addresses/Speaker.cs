using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>Whoever speaks from an address, as DHCP and the wire know it.</summary>
/// <param name="Leased">To which card DHCP gave the address.</param>
/// <param name="Cards">
/// At which the kernel sees the address, one for each network; none behind a router, where the router's card answers for its
/// own address alone.
/// </param>
/// <param name="Opening">
/// How its connection began. Who flips ARP while it lasts is seen at another card, but has begun it from its own.
/// </param>
internal sealed record Speaker(IPAddress Address, MacAddress? Leased, IReadOnlyList<MacAddress> Cards, Opening? Opening = null)
{
    /// <summary>The card that speaks; <c>null</c> where none is seen.</summary>
    public MacAddress? Card => Cards is [var card, ..] ? card : null;

    /// <summary>
    /// Why it is not to be taken for a node: the address must be the node's, and the card that is seen at it must be one that
    /// the description or an operator names for the node. DHCP alone proves nothing: whoever asks writes any card into the
    /// request.
    /// </summary>
    /// <param name="ownerOf">The node that a card is named for; <c>null</c> for none.</param>
    /// <returns><c>null</c> when it speaks for the node.</returns>
    public Denial? Refusal(Node node, ClusterDescription cluster, Func<MacAddress, Node?> ownerOf)
    {
        bool IsOwn(MacAddress card) => ownerOf(card)?.Mac == node.Mac;

        var isLeased = Leased is { } leased && IsOwn(leased);
        if (isLeased && IsFromAnotherRack(node, cluster) && !Address.Equals(node.Ip))
        {
            return new Denial($"{Address} is behind a router, on another network than {node.HostName}: whoever asks there for an "
                + "address may name any network card");
        }

        // Where others give the addresses, nothing but the wire says which one they gave.
        var isAddress = Address.Equals(node.Ip) || isLeased
            || (cluster.Dhcp.Mode != DhcpMode.Server && node.Ip is null && Cards.Any(IsOwn));
        if (!isAddress)
        {
            return new Denial($"{Address} is not the address of {node.HostName}: {Bsroot.DescriptionName} does not fix it"
                + (cluster.Dhcp.Mode == DhcpMode.Server ? ", and DHCP gave it to no network card of the node" : ""));
        }

        if (Seen.FirstOrDefault(card => ownerOf(card) is { } owner && owner.Mac != node.Mac) is { Value: not 0 } others)
        {
            return new Denial($"{Address} is at the network card {others}, which is {ownerOf(others)!.HostName}'s");
        }

        if (cluster.Secrets == SecretsPolicy.Address)
        {
            return null;
        }

        return Cards.Count > 0 && Cards.All(IsOwn) ? OpeningRefusal(node, IsOwn)
            : Cards.Cast<MacAddress?>().FirstOrDefault(card => !IsOwn(card!.Value)) is { } unknown
                ? new Denial($"{Address} is at the network card {unknown}, which is not named for {node.HostName}; if it is, "
                    + $"run: bootstrapper node accept-card {node.HostName} {unknown}")
            : IsOnWire(cluster)
                ? new Denial($"no network card is seen at {Address}, which is on the network of the bootstrapper")
                : null; // behind a router, the address is all there is
    }

    private Denial? OpeningRefusal(Node node, Func<MacAddress, bool> isOwn) =>
        Opening is null || (Opening.Card is { } card && isOwn(card)) ? null
        : Opening.Card is { } other
            ? new Denial(
                $"ARP shows {Address} at a network card of {node.HostName}, and its connection came from another one, {other}")
        : NotKept;

    private Denial NotKept => new(
        $"the kernel does not tell which network card the connection from {Address} came from: there are too many new ones "
            + "(SYN cookies), or net.ipv4.tcp_syncookies is 2; ask again later",
        IsPassing: true);

    /// <summary>Likewise for a machine that nobody planned: what it says it is must be the card that speaks.</summary>
    public Denial? Refusal(MacAddress machine, ClusterDescription cluster) =>
        Cards.Contains(machine) && Opening is { Card: null } ? NotKept
        : (Cards.Contains(machine) && (Opening is null || Opening.Card == machine))
            || (Cards.Count == 0 && Leased == machine && !IsOnWire(cluster)) ? null
            : new Denial($"{Address} is not at the network card {machine}");

    private IEnumerable<MacAddress> Seen => Opening?.Card is { } opener ? Cards.Append(opener) : Cards;

    /// <summary>
    /// Behind a router a lease is all there is, so whoever is in a rack there could be each node without a fixed address: it may
    /// be no more than those of its own rack.
    /// </summary>
    private bool IsFromAnotherRack(Node node, ClusterDescription cluster) =>
        !IsOnWire(cluster) && !ReferenceEquals(cluster.NetworkOf(Address), cluster.NetworkOf(node));

    /// <summary>Whether its card would be seen, if it spoke.</summary>
    private bool IsOnWire(ClusterDescription cluster) =>
        cluster.NetworkOf(Address) is { } network && cluster.IsOn(network) && !IPAddress.IsLoopback(Address);
}
