using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Matchbox;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Finds the node that a request speaks of: by <c>mac</c>, <c>uuid</c>, <c>serial</c>, <c>hostname</c> or a label that no other
/// node has, the first that is known; where the request names nobody, by who asks.
/// </summary>
internal sealed class NodeSelection(CurrentSnapshot current, MachineAddresses addresses, Identities identities)
{
    private const int LengthOfEthernets = 17;

    private static readonly string[] Names = ["mac", "uuid", "serial", "hostname"];

    /// <summary>What our own boot scripts send along: no labels.</summary>
    private static readonly HashSet<string> OwnWords =
        new([.. Names, "arch", "domain", "memory", "retry", "unable", "ip", "override_ipv4"], StringComparer.OrdinalIgnoreCase);

    /// <param name="mac">
    /// From the URL's path, and then nothing else counts. A malformed one is told, not skipped: the machine would get another's
    /// answer.
    /// </param>
    public Selected Find(HttpContext context, string? mac = null)
    {
        var snapshot = current.Value;
        var query = context.Request.Query;
        var given = mac ?? First(query, "mac");
        var address = HardwareAddress.Normal(given);
        if (mac is null && (address?.Length > LengthOfEthernets || IsUnfilled(given, query)))
        {
            given = ""; // of a card that is not Ethernet, such as InfiniBand's: it goes by what else it says
        }
        else
        {
            given = address ?? given;
        }

        if (given.Length > 0 && !MacAddress.TryParse(given, null, out _))
        {
            return Selected.Malformed(snapshot, "this is not a MAC address such as 00:25:90:c0:f7:80");
        }

        return mac is not null || Names.Any(name => First(query, name).Length > 0)
            || query.ContainsKey("uuid") || query.ContainsKey("serial")
            ? new Selected(snapshot, Named(snapshot.Nodes, given, mac is null ? query : QueryCollection.Empty), NoNode(given))
            : Labelled(snapshot.Nodes, query) is { } node ? new Selected(snapshot, node, "")
            : At(snapshot, First(query, "override_ipv4"), context);
    }

    /// <summary>A variable that a loader did not fill in; the machine goes by what else it says, if anything.</summary>
    private static bool IsUnfilled(string mac, IQueryCollection query) =>
        mac.StartsWith("${", StringComparison.Ordinal)
            && Names.Any(name => name != "mac" && First(query, name).Length > 0);

    private static string NoNode(string mac) =>
        MacAddress.TryParse(mac, null, out var address)
            ? $"no node has the MAC address {address}"
            : "no node has this UUID, serial number or name";

    private Node? Named(NodeIndex nodes, string mac, IQueryCollection query)
    {
        var card = MacAddress.TryParse(mac, null, out var address) ? address : (MacAddress?)null;
        var uuid = Guid.TryParse(First(query, "uuid"), out var id) ? id : (Guid?)null;
        var serial = SerialNumber.TryParse(First(query, "serial"), null, out var number) ? number : (SerialNumber?)null;
        return Known(nodes, card, uuid, serial)
            ?? (card is null ? Claimed(nodes, uuid, serial) : null)
            ?? nodes.FindByHostName(First(query, "hostname"))
            ?? (card is null && uuid is null && serial is null ? Labelled(nodes, query) : null)
            ?? (uuid is { } other ? nodes.Find(SystemUuid.InOtherOrder(other)) : null);
    }

    private Node? Known(NodeIndex nodes, MacAddress? card, Guid? uuid, SerialNumber? serial) =>
        (card is { } mac ? nodes.Find(mac) ?? nodes.Find(identities.Of(mac)) : null)
        ?? (uuid is { } id ? nodes.Find(id) : null)
        ?? (serial is { } number ? nodes.Find(number) : null);

    /// <summary>
    /// By what a node told of itself. Where a card is shown that the node did not tell of, it is another machine, whose board
    /// has the same UUID or serial number.
    /// </summary>
    private Node? Claimed(NodeIndex nodes, Guid? uuid, SerialNumber? serial) =>
        (uuid is { } id ? NodeOf(identities.Find(id), nodes) : null)
        ?? (serial is { } number ? NodeOf(identities.Find(number), nodes) : null);

    private static Node? NodeOf(MacAddress? mac, NodeIndex nodes) => mac is { } known ? nodes.Find(known) : null;

    private static Node? Labelled(NodeIndex nodes, IQueryCollection query) =>
        query.Keys.Where(name => !OwnWords.Contains(name)).Select(name => nodes.FindByLabel(name, First(query, name)))
            .FirstOrDefault(node => node is not null);

    /// <summary>Of a parameter that is given more than once, the first holds.</summary>
    private static string First(IQueryCollection query, string name) => query[name] is [{ } first, ..] ? first : "";

    private Selected At(Snapshot snapshot, string overridden, HttpContext context)
    {
        var asker = Client.Address(context);
        if (overridden.Length == 0)
        {
            return new Selected(snapshot, addresses.NodeAt(asker, snapshot.Nodes), $"no node is at {asker}: ask with ?mac=");
        }

        return IPAddress.TryParse(overridden, out var address)
            ? new Selected(snapshot, addresses.NodeAt(address, snapshot.Nodes), $"no node is at {address}")
            : Selected.Malformed(snapshot, "override_ipv4 is not an IP address");
    }
}

/// <summary>The node that was asked for, in the snapshot it was found in; or why there is none.</summary>
internal sealed record Selected(Snapshot Snapshot, Node? Node, string Reason, int Status = StatusCodes.Status404NotFound)
{
    public static Selected Malformed(Snapshot snapshot, string reason) =>
        new(snapshot, null, reason, StatusCodes.Status400BadRequest);
}
