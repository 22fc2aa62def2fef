using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>Finds the node that a request speaks of: by <c>mac</c>, <c>uuid</c> or <c>serial</c>, the first that is known, else by who asks.</summary>
internal sealed class NodeSelection(CurrentSnapshot current, MachineAddresses addresses, Identities identities)
{
    /// <param name="mac">As it stands in the URL; a malformed one is told, not skipped: the machine would get another's answer.</param>
    public Selected Find(HttpContext context, string? mac = null)
    {
        var query = context.Request.Query;
        var snapshot = current.Value;
        mac ??= query["mac"];
        if (!string.IsNullOrEmpty(mac))
        {
            return MacAddress.TryParse(mac, null, out var address)
                ? new Selected(snapshot, snapshot.Nodes.Find(address) ?? snapshot.Nodes.Find(identities.Of(address)), $"no node has the MAC address {address}")
                : Selected.Malformed(snapshot, "this is not a MAC address such as 00:25:90:c0:f7:80");
        }

        var node = Guid.TryParse(query["uuid"], out var uuid) ? snapshot.Nodes.Find(uuid) ?? NodeOf(identities.Find(uuid), snapshot) : null;
        node ??= SerialNumber.TryParse(query["serial"], null, out var serial) ? snapshot.Nodes.Find(serial) ?? NodeOf(identities.Find(serial), snapshot) : null;
        return query.ContainsKey("uuid") || query.ContainsKey("serial")
            ? new Selected(snapshot, node, "no node has this UUID or serial number")
            : At(snapshot, query["override_ipv4"], context);
    }

    private static Node? NodeOf(MacAddress? mac, Snapshot snapshot) => mac is { } known ? snapshot.Nodes.Find(known) : null;

    private Selected At(Snapshot snapshot, string? overridden, HttpContext context)
    {
        var asker = Client.Address(context);
        if (string.IsNullOrEmpty(overridden))
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
    public static Selected Malformed(Snapshot snapshot, string reason) => new(snapshot, null, reason, StatusCodes.Status400BadRequest);
}
