using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Audit;

/// <summary>What a change is called in the audit trail and on the timeline.</summary>
internal static class ChangeTitle
{
    /// <returns>Such as <c>installing -> installed</c>; where the state stayed, what else is new.</returns>
    public static string Of(NodeRecord before, NodeRecord after) => (before, after) switch
    {
        _ when before.Revision == 0 && after.State == NodeState.Discovered => "discovered",
        _ when before.State != after.State => $"{NodeLifecycle.Name(before.State)} -> {NodeLifecycle.Name(after.State)}",
        _ when before.AwaitsBoot && !after.AwaitsBoot => "booted from the network",
        _ when after.Deliveries.Count > 0 && before.Deliveries != after.Deliveries => $"given {after.Deliveries[^1]}",
        _ when before.Cards != after.Cards => CardsTitle(before.Cards, after.Cards),
        _ when before.Held != after.Held => after.Held ? "held" : "released",
        _ when before.Tries != after.Tries => $"{NodeLifecycle.Name(after.State)} again, try {after.Tries}",
        _ when before.Details != after.Details =>
            $"set {string.Join(", ", Differing(before.Details ?? NodeDetails.None, after.Details ?? NodeDetails.None))}",
        _ when before.Facts != after.Facts => "facts",
        _ when before.OsVersion != after.OsVersion => $"runs {after.OsVersion}",
        _ when before.LastBoot != after.LastBoot => "started",
        _ => $"{NodeLifecycle.Name(after.State)}, changed",
    };

    public static bool Differ(NodeDetails? before, NodeDetails? after) =>
        Differing(before ?? NodeDetails.None, after ?? NodeDetails.None).Any();

    private static string CardsTitle(IReadOnlyList<MacAddress> before, IReadOnlyList<MacAddress> after) =>
        string.Join(", ", after.Except(before).Select(card => $"card {card} accepted")
            .Concat(before.Except(after).Select(card => $"card {card} removed")));

    private static IEnumerable<string> Differing(NodeDetails before, NodeDetails after)
    {
        (string Name, object? Before, object? After)[] fields =
        [
            ("provider id", before.ProviderId, after.ProviderId),
            ("cabinet", before.Cabinet, after.Cabinet),
            ("position", before.Position, after.Position),
            ("bmc", before.Bmc, after.Bmc),
            ("labels", Text(before.Labels), Text(after.Labels)),
            ("metadata", Text(before.Metadata), Text(after.Metadata)),
        ];
        return from field in fields where !Equals(field.Before, field.After) select field.Name;
    }

    private static string Text(IReadOnlyDictionary<string, string>? map) =>
        string.Join('\n', (map ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}"));
}
