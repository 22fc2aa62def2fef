using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Planning;

/// <summary>
/// What differs for one node, line by line, to be read by people: what may be secret is masked.
/// </summary>
internal static class NodeDiffs
{
    private const string Ipxe = "ipxe", Grub = "grub";

    /// <returns>A unified diff for each part that differs.</returns>
    /// <exception cref="RenderingException">A template is broken for a name that it was not tried with.</exception>
    public static IReadOnlyList<FileDiff> Of(Plan plan, PlannedNode node) => WithOneLoader(Of(
        TextsOf(plan.Before, node.Before), TextsOf(plan.After, node.After), KnownSecrets.Of([node.Before, node.After])));

    public static IReadOnlyList<FileDiff> OfShared(Plan plan)
    {
        var secrets = KnownSecrets.Of(plan.Before.Snapshot.Cluster.Nodes.Concat(plan.After.Snapshot.Cluster.Nodes));
        return [.. plan.Shared.Select(file => new FileDiff(file.Path, UnifiedDiff.Of(file.Before, file.After, secrets)))];
    }

    private static IReadOnlyList<FileDiff> Of(
        IReadOnlyList<Artifact> before, IReadOnlyList<Artifact> after, KnownSecrets secrets) =>
    [
        .. from path in before.Concat(after).Select(artifact => artifact.Path).Distinct(StringComparer.Ordinal)
           let diff = UnifiedDiff.Of(TextAt(path, before), TextAt(path, after), secrets)
           where diff.Length > 0
           select new FileDiff(path, diff),
    ];

    /// <summary>All loaders are told the same, each in its language: one is enough to read.</summary>
    private static IReadOnlyList<FileDiff> WithOneLoader(IReadOnlyList<FileDiff> diffs) =>
        diffs.Any(diff => diff.Path == Ipxe)
            ? [.. diffs.Where(diff => diff.Path != Grub && !diff.Path.StartsWith("tftpboot/", StringComparison.Ordinal))]
            : diffs;

    private static string TextAt(string path, IReadOnlyList<Artifact> artifacts) =>
        artifacts.FirstOrDefault(artifact => artifact.Path == path)?.Content ?? "";

    /// <summary>
    /// A config that is told in Ignition is shown as the cloud-config that it is made from: files in base64 are not to be read.
    /// </summary>
    private static IReadOnlyList<Artifact> TextsOf(PlanSide side, Node? node) =>
        node is null ? [] : TextsOf(side.Snapshot, node, side.Hosts.Of(node));

    private static IReadOnlyList<Artifact> TextsOf(Snapshot snapshot, Node node, string addresses) =>
    [
        new("addresses", addresses),
        snapshot.BootFile(node, BootTarget.Install),
        new(Ipxe, IpxeScript.Boot(snapshot.NetBoot(node).NamingInitrd())),
        new(Grub, GrubConfig.Boot(snapshot.NetBoot(node))),
        new("install.sh", snapshot.InstallScript(node, ChunkedImage.Specimen)),
        new("config", $"format: {node.Config}\n" + (node.HasOwnIgnition
            ? snapshot.Ignition(node, NodeSecrets.Distinct)
            : snapshot.CloudConfig(node, NodeSecrets.Distinct))),
        new("generic", snapshot.Generic(node, NodeSecrets.Distinct) ?? ""),
    ];
}

/// <param name="Path">At which machines ask for it, or in the data root.</param>
/// <param name="Text">Hunks as <c>diff -u</c> has them, without its head.</param>
internal sealed record FileDiff(string Path, string Text);
