using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Rendering;

namespace Bootstrapper.Planning;

/// <summary>Says of two descriptions what the second makes different. Writes nothing, and issues nothing.</summary>
internal static class Planner
{
    /// <param name="recordOf">What is known of a node; <c>null</c> for nothing.</param>
    /// <exception cref="RenderingException">A template is broken for a name that it was not tried with.</exception>
    public static Plan Compare(Snapshot before, Snapshot after, Func<Node, NodeRecord?> recordOf)
    {
        var (old, now) = (PlanSide.Of(before), PlanSide.Of(after));
        var comparison = new NodeComparison(old, now);
        IReadOnlyList<PlannedNode> nodes =
        [
            .. after.Cluster.Nodes.AsParallel().AsOrdered()
                .Select(node => Of(before.Nodes.Find(node.Mac), node)).OfType<PlannedNode>(),
            .. before.Cluster.Nodes.Where(node => after.Nodes.Find(node.Mac) is null)
                .Select(node => new PlannedNode(node, null, Given.None, Effects.OfPresence, "")),
        ];
        var changed = nodes.Select(node => node.Mac).ToHashSet();
        return new Plan(
            old,
            now,
            PlanDigest.Of(before, after),
            nodes,
            [.. Differing(old.Hosts.Shared, now.Hosts.Shared)],
            SettingChange.Between(before, after, changed.Contains));

        PlannedNode? Of(Node? earlier, Node node)
        {
            if (earlier is null)
            {
                return new PlannedNode(null, node, Given.None, Effects.OfPresence, "");
            }

            var parts = comparison.Changed(earlier, node);
            return parts == Given.None ? null : new PlannedNode(
                earlier, node, parts, Effects.Of(parts, node, recordOf(node)), AlikeKey(earlier, node));
        }

        string AlikeKey(Node earlier, Node node) => string.Create(
            CultureInfo.InvariantCulture,
            $"{before.Configs.Alike.KindOf(earlier)} {after.Configs.Alike.KindOf(node)} {OwnChanges(earlier, node)}");
    }

    /// <summary>What it has for its own, and has another of now.</summary>
    private static string OwnChanges(Node earlier, Node node) =>
        (earlier.HostName == node.HostName ? "" : "n") + (Equals(earlier.Ip, node.Ip) ? "" : "a")
        + (earlier.Uuid == node.Uuid ? "" : "u") + (Equals(earlier.Serial, node.Serial) ? "" : "s");

    private static IEnumerable<SharedChange> Differing(IReadOnlyList<Artifact> before, IReadOnlyList<Artifact> after) =>
        from path in before.Concat(after).Select(artifact => artifact.Path).Distinct(StringComparer.Ordinal)
        let old = TextAt(path, before)
        let now = TextAt(path, after)
        where old != now
        select new SharedChange(path, old, now);

    private static string TextAt(string path, IReadOnlyList<Artifact> artifacts) =>
        artifacts.FirstOrDefault(artifact => artifact.Path == path)?.Content ?? "";
}
