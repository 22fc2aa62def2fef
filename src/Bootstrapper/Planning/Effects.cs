using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Planning;

/// <summary>What the change of which file means: the one table of it.</summary>
internal static class Effects
{
    /// <summary>
    /// By what a machine boots. One that has its system on the disk takes a config from us only when it is installed again; one
    /// that is yet to be installed takes everything when it boots; one that lives in memory runs no install script.
    /// </summary>
    private static readonly (Given Part, Effect OnDisk, Effect ToBeInstalled, Effect InMemory)[] OfNodes =
    [
        (Given.Addresses, Effect.InPlace, Effect.NextBoot, Effect.InPlace),
        (Given.Boot, Effect.NextBoot, Effect.NextBoot, Effect.NextBoot),
        (Given.InstallScript, Effect.Reinstall, Effect.NextBoot, Effect.Nothing),
        (Given.Config, Effect.Reinstall, Effect.NextBoot, Effect.NextBoot),
        (Given.Generic, Effect.NextBoot, Effect.NextBoot, Effect.NextBoot),
    ];

    /// <summary>Files that no single node has, by how their paths begin. Who reads them stands in the children's specs.</summary>
    private static readonly (string Path, Effect Effect)[] OfOurs =
    [
        (DnsmasqConf.ConfPath, Effect.Restart),
        (RegistryConf.Path, Effect.Restart),
        ("dnsmasq/", Effect.InPlace),
    ];

    /// <param name="record">Of the node, where there is one; a node without was never installed.</param>
    public static Effect Of(Given parts, Node node, NodeRecord? record)
    {
        var target = TargetOf(node, record);
        return OfNodes.Where(row => parts.HasFlag(row.Part)).Select(row => target switch
        {
            BootTarget.LocalDisk => row.OnDisk,
            BootTarget.Memory => row.InMemory,
            _ => row.ToBeInstalled,
        }).DefaultIfEmpty(Effect.Nothing).Max();
    }

    /// <summary>A node that comes or goes is told otherwise the next time that it asks what to boot.</summary>
    public static Effect OfPresence => Effect.NextBoot;

    /// <summary>The rest is for machines that boot from the network.</summary>
    /// <param name="path">Of a file that all share.</param>
    public static Effect OfShared(string path) => OfOurs.Where(row => path.StartsWith(row.Path, StringComparison.Ordinal))
        .Select(row => row.Effect).FirstOrDefault(Effect.NextBoot);

    /// <summary>One that is being installed and has its config already keeps what that says.</summary>
    private static BootTarget TargetOf(Node node, NodeRecord? record) =>
        record is null ? node.LivesInMemory ? BootTarget.Memory : BootTarget.Install
        : record is { State: NodeState.Installing, Deliveries.Count: > 0 } && !node.LivesInMemory ? BootTarget.LocalDisk
        : NodeLifecycle.Target(record, node);
}
