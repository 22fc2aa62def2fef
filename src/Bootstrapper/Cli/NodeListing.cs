using System.Globalization;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>How machines are shown in a table.</summary>
internal static class NodeListing
{
    public static readonly Listing<NodeView> Nodes = new(node => node.HostName,
    [
        new("NAME", node => node.HostName),
        new("STATE", StateOf) { Style = node => StyleOf(node) },
        new("SINCE", node => TimeOf(node.Since)),
        new("MAC", node => node.Mac.ToString()),
        new("IP", node => node.Ip?.ToString() ?? ""),
        new("PROFILE", node => node.Profile ?? ""),
        new("ROLES", node => string.Join(',', node.Roles)),
        new("OS", node => node.OsVersion ?? ""),
        new("SERIAL", node => node.Serial ?? "", IsWide: true),
        new("UUID", node => node.Uuid?.ToString() ?? "", IsWide: true),
        new("BMC", node => node.Bmc?.ToString() ?? "", IsWide: true),
        new("PROVIDER-ID", node => node.ProviderId ?? "", IsWide: true),
        new("CABINET", node => node.Cabinet ?? "", IsWide: true),
        new("POSITION", node => node.Position ?? "", IsWide: true),
        new("LABELS", node => PairsOf(node.Labels), IsWide: true),
        new("METADATA", node => PairsOf(node.Metadata), IsWide: true),
        new("LAST-SEEN", node => node.LastSeen is { } seen ? TimeOf(seen) : "", IsWide: true),
        new("MESSAGE", node => node.Waiting?.Reason ?? node.Message ?? ""),
    ]);

    /// <summary>With what else matters: how far it is, and what operators did.</summary>
    private static string StateOf(NodeView node) =>
        NodeLifecycle.Name(node.State)
        + (node.Progress is { } progress ? string.Create(CultureInfo.InvariantCulture, $" {progress}%") : "")
        + (node.Armed ? ",armed" : "")
        + (node.Held ? ",held" : "")
        + (node.Waiting is null ? "" : ",waiting");

    private static Style StyleOf(NodeView node) => new(node.State switch
    {
        NodeState.Running => Color.Green,
        NodeState.Failed => Color.Red,
        NodeState.Installing or NodeState.Installed => Color.Yellow,
        _ => Color.Default,
    });

    /// <summary>UTC, so that what two operators read to each other is the same.</summary>
    public static string TimeOf(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string PairsOf(IReadOnlyDictionary<string, string>? pairs) =>
        string.Join(
            ',', (pairs ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}"));
}
