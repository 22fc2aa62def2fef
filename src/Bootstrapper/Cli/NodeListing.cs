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
        new("AGE", node => AgeOf(node.Since, TimeProvider.System.GetUtcNow())),
        new("IP", node => node.Ip?.ToString() ?? ""),
        new("PHASE", node => node.Phase.ToString().ToLowerInvariant(), IsWide: true),
        new("SINCE", node => TimeOf(node.Since), IsWide: true),
        new("MAC", node => node.Mac.ToString(), IsWide: true),
        new("PROFILE", node => node.Profile ?? "", IsWide: true),
        new("ROLES", node => string.Join(',', node.Roles), IsWide: true),
        new("OS", node => node.OsVersion ?? "", IsWide: true),
        new("SERIAL", node => node.Serial ?? "", IsWide: true),
        new("UUID", node => node.Uuid?.ToString() ?? "", IsWide: true),
        new("BMC", node => node.Bmc?.ToString() ?? "", IsWide: true),
        new("PROVIDER-ID", node => node.ProviderId ?? "", IsWide: true),
        new("CABINET", node => node.Cabinet ?? "", IsWide: true),
        new("POSITION", node => node.Position ?? "", IsWide: true),
        new("LABELS", node => PairsOf(node.Labels), IsWide: true),
        new("METADATA", node => PairsOf(node.Metadata), IsWide: true),
        new("ETCDTOKEN", node => node.EtcdToken ?? "", IsWide: true),
        new("LASTBOOT", node => node.LastBoot is { } boot ? TimeOf(boot) : "", IsWide: true),
        new("LAST-SEEN", node => node.LastSeen is { } seen ? TimeOf(seen) : "", IsWide: true),
        new("MESSAGE", node => node.Waiting?.Reason ?? node.Message ?? node.Reason ?? ""),
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

    /// <summary>How long ago, in the largest unit of which there are two, such as <c>90s</c> or <c>47h</c>.</summary>
    public static string AgeOf(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now > at ? now - at : TimeSpan.Zero; // our clock may be behind
        var (count, unit) = age.TotalMinutes < 2 ? (age.TotalSeconds, 's')
            : age.TotalHours < 2 ? (age.TotalMinutes, 'm')
            : age.TotalDays < 2 ? (age.TotalHours, 'h')
            : (age.TotalDays, 'd');
        return string.Create(CultureInfo.InvariantCulture, $"{(long)count}{unit}");
    }

    private static string PairsOf(IReadOnlyDictionary<string, string>? pairs) =>
        string.Join(
            ',', (pairs ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}"));
}
