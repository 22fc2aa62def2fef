using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;

namespace Bootstrapper.Planning;

/// <summary>What becomes different where one description takes the place of another.</summary>
/// <param name="Digest">Of all that both follow from: the same plan has the same.</param>
/// <param name="Nodes">
/// Those that are given another byte, and no others: in the order of the description, and then those that go.
/// </param>
/// <param name="Shared">Files that all nodes share, or the bootstrapper's own programs read.</param>
/// <param name="Settings">Keys that say something else, whether a file shows it or not.</param>
internal sealed record Plan(
    PlanSide Before,
    PlanSide After,
    string Digest,
    IReadOnlyList<PlannedNode> Nodes,
    IReadOnlyList<SharedChange> Shared,
    IReadOnlyList<SettingChange> Settings)
{
    public bool IsEmpty => Nodes.Count == 0 && Shared.Count == 0 && Settings.Count == 0;

    /// <param name="name">As operators name one: MAC address, host name, serial number or UUID.</param>
    /// <returns>Its part of this; <c>null</c> where neither description has such a node.</returns>
    public Plan? ForNode(string name) =>
        (After.Snapshot.Nodes.FindByName(name) ?? Before.Snapshot.Nodes.FindByName(name)) is { } node
            ? this with { Nodes = [.. Nodes.Where(planned => planned.Mac == node.Mac)], Shared = [], Settings = [] }
            : null;

    /// <summary>Those to whom the same happens for the same reason, the most grave first.</summary>
    public IEnumerable<IReadOnlyList<PlannedNode>> Groups =>
        from node in Nodes
        group node by (node.Effect, node.Change, node.Parts, node.Alike) into alike
        orderby alike.Key.Effect descending, alike.Key.Change, alike.Count() descending
        select (IReadOnlyList<PlannedNode>)[.. alike];
}

/// <summary>One of the two descriptions that are compared.</summary>
internal sealed record PlanSide(Snapshot Snapshot, HostLines Hosts)
{
    public static PlanSide Of(Snapshot snapshot) => new(snapshot, new HostLines(
    [
        .. snapshot.Artifacts(),
        new Artifact("facts.sh", snapshot.FactsScript()),
        new Artifact("discover.sh", snapshot.DiscoverScript()),
        new Artifact("start.sh", snapshot.StartScript()),
    ]));
}

/// <summary>A node that is given something else.</summary>
/// <param name="Before"><c>null</c> where it comes; then there is an <paramref name="After"/>.</param>
/// <param name="After"><c>null</c> where it goes.</param>
/// <param name="Parts">What differs.</param>
/// <param name="Alike">The same for nodes that are described alike before and after, and keep the same of their names.</param>
internal sealed record PlannedNode(Node? Before, Node? After, Given Parts, Effect Effect, string Alike)
{
    public MacAddress Mac => (After ?? Before)!.Mac;

    public string HostName => (After ?? Before)!.HostName;

    public Change Change => Before is null ? Change.Added : After is null ? Change.Removed : Change.Changed;
}

/// <param name="Before">As it was; empty for a file that there was not.</param>
internal sealed record SharedChange(string Path, string Before, string After)
{
    public Effect Effect => Effects.OfShared(Path);
}
