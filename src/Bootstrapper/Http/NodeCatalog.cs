using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>All machines as operators see them: those that were planned and those that were only seen.</summary>
internal sealed class NodeCatalog(CurrentSnapshot current, NodeInventory inventory, Timeline timeline, LeaseFile leases, TimeProvider time)
{
    /// <summary>By host name.</summary>
    public IReadOnlyList<NodeView> All()
    {
        var nodes = current.Value.Nodes;
        var leased = leases.Current().ToLookup(lease => lease.Mac, lease => lease.Address);
        var planned = current.Value.Cluster.Nodes.Select(inventory.Of);
        var others = inventory.Records.Where(record => nodes.Find(record.Mac) is null && record.Revision > 0);
        return
        [
            .. planned.Concat(others)
                .Select(record => NodeView.Of(record, nodes.Find(record.Mac), leased[record.Mac].FirstOrDefault(), timeline.LastSeen(record.Mac)))
                .OrderBy(view => view.HostName, StringComparer.Ordinal),
        ];
    }

    /// <param name="name">MAC address, host name, serial number or UUID.</param>
    public Machine? Find(string name)
    {
        var snapshot = current.Value;
        if (MacAddress.TryParse(name, null, out var mac))
        {
            return MachineOf(snapshot.Nodes.Find(mac), mac);
        }

        var node = snapshot.Nodes.FindByHostName(name.ToLowerInvariant())
            ?? (SerialNumber.TryParse(name, null, out var serial) ? snapshot.Nodes.Find(serial) : null)
            ?? (Guid.TryParse(name, out var uuid) ? snapshot.Nodes.Find(uuid) : null);
        return node is not null ? MachineOf(node, node.Mac)
            : inventory.Records.FirstOrDefault(record => record.HostName == name) is { } record ? MachineOf(snapshot.Nodes.Find(record.Mac), record.Mac)
            : null;
    }

    public NodeView View(Machine machine)
    {
        var record = inventory.Find(machine.Mac) ?? machine.Record;
        var leased = leases.Current().FirstOrDefault(lease => lease.Mac == machine.Mac)?.Address;
        return NodeView.Of(record, machine.Node, leased, timeline.LastSeen(machine.Mac));
    }

    private Machine? MachineOf(Node? node, MacAddress mac) =>
        (inventory.Find(mac) ?? (node is null ? null : NodeRecord.New(node, time.GetUtcNow()))) is { } record ? new Machine(mac, node, record) : null;
}

/// <summary>A machine that an operator spoke of.</summary>
/// <param name="Node"><c>null</c> when it was only seen.</param>
/// <param name="Record">As it was when it was looked up.</param>
internal sealed record Machine(MacAddress Mac, Node? Node, NodeRecord Record);
