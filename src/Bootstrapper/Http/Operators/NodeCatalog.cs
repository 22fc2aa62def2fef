using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Http.Operators;

/// <summary>All machines as operators see them: those that were planned and those that were only seen.</summary>
internal sealed class NodeCatalog(
    CurrentSnapshot current,
    NodeInventory inventory,
    BootOrders orders,
    Timeline timeline,
    LeaseFile leases,
    Identities identities,
    RunningFetches running,
    TimeProvider time)
{
    /// <summary>By host name.</summary>
    public IReadOnlyList<NodeView> All()
    {
        var (nodes, enrolled) = (current.Value.Nodes, Enrolled());
        var leased = leases.Current().ToLookup(lease => lease.Mac, lease => lease.Address);
        var planned = current.Value.Cluster.Nodes.Select(inventory.Of);
        var others = inventory.Records.Where(record => nodes.Find(record.Mac) is null && record.Revision > 0);
        return
        [
            .. planned.Concat(others).AsParallel()
                .Select(record => ViewOf(record, nodes.Find(record.Mac), enrolled, leased[record.Mac].FirstOrDefault()))
                .OrderBy(view => view.HostName, StringComparer.Ordinal),
        ];
    }

    /// <param name="name">MAC address, host name, serial number or UUID.</param>
    public Machine? Find(string name)
    {
        var nodes = current.Value.Nodes;
        if (MacAddress.TryParse(name, null, out var mac))
        {
            return MachineOf(nodes.Find(mac) is null ? identities.Of(mac) : mac);
        }

        var found = nodes.FindByName(name)?.Mac
            ?? (SerialNumber.TryParse(name, null, out var serial) ? identities.Find(serial) : null)
            ?? (Guid.TryParse(name, out var uuid) ? identities.Find(uuid) : null)
            ?? inventory.Records.FirstOrDefault(record => record.HostName == name)?.Mac;
        return found is { } known ? MachineOf(known) : null;
    }

    public NodeView View(Machine machine)
    {
        var record = inventory.Find(machine.Mac) ?? machine.Record;
        var leased = leases.Current().FirstOrDefault(lease => lease.Mac == machine.Mac)?.Address;
        return ViewOf(record, machine.Node, Enrolled(), leased);
    }

    private NodeView ViewOf(NodeRecord record, Node? node, HashSet<MacAddress> enrolled, IPAddress? leased)
    {
        var now = SituationOf(record, node);
        var view = NodeView.Of(record, node, now.Wait, PhaseNow.Of(now), TagsOf(node), leased, timeline.LastSeen(record.Mac));
        return view with { Enrolled = enrolled.Contains(record.Mac) };
    }

    private HashSet<MacAddress> Enrolled() => [.. current.Value.Beside.Enrolled.Select(node => node.Mac)];

    public Situation SituationOf(NodeRecord record, Node? node)
    {
        var snapshot = current.Value;
        var signed = node is null ? null : SignedFiles.Of(node, snapshot.Cluster);
        var fetching = signed is null ? [] : Fetching(record.Mac); // before the timeline is read: what ends meanwhile is on that
        return new(record, timeline.Of(record.Mac), time.GetUtcNow())
        {
            Wait = orders.WaitOf(snapshot, node, record),
            Signed = signed,
            Fetching = fetching,
        };
    }

    /// <summary>By the address that it fetched something from last.</summary>
    private IReadOnlyCollection<string> Fetching(MacAddress mac) =>
        timeline.Of(mac).LastOrDefault(seen => seen is { Kind: EventKind.Http, File.Length: > 0 })?.By is { } address
            ? running.To(IPAddress.Parse(address))
            : [];

    private IReadOnlyList<string> TagsOf(Node? node) =>
        current.Value.Cluster.Profiles.FirstOrDefault(profile => profile.Name == node?.Profile)?.Tags ?? [];

    private Machine? MachineOf(MacAddress mac)
    {
        var node = current.Value.Nodes.Find(mac);
        return (inventory.Find(mac) ?? (node is null ? null : NodeRecord.New(node, time.GetUtcNow()))) is { } record
            ? new Machine(mac, node, record)
            : null;
    }
}

/// <summary>A machine that an operator spoke of.</summary>
/// <param name="Node"><c>null</c> when it was only seen.</param>
/// <param name="Record">As it was when it was looked up.</param>
internal sealed record Machine(MacAddress Mac, Node? Node, NodeRecord Record);
