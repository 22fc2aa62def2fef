using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Boot;

/// <summary>Decides what a machine that asks is told: to wait, to boot over the network, or to boot from its disk.</summary>
internal sealed class BootOrders(NodeInventory inventory, BootAttempts attempts, MachineFit fit)
{
    /// <summary>Whether iPXE must say more of its machine before anything can be decided.</summary>
    public bool NeedMemory(Snapshot snapshot, Node node, BootQuestion question) =>
        question.Memory is null && Network(snapshot, node, question) is { } boot && fit.DependsOnMemory(boot, snapshot.Cluster);

    /// <summary>A machine that asks too often is held.</summary>
    public BootOrder For(Snapshot snapshot, Node node, BootQuestion question)
    {
        var boot = Network(snapshot, node, question);
        var hold = boot is null ? null : fit.HoldOf(node, boot, snapshot.Cluster, question);
        return new BootOrder(hold ?? (question.Counts ? attempts.Ask(node) : attempts.HoldOf(node.Mac)), boot);
    }

    private NetBoot? Network(Snapshot snapshot, Node node, BootQuestion question) =>
        NodeLifecycle.Target(inventory.Of(node), node) == BootTarget.LocalDisk ? null : snapshot.NetBoot(node, question.Uuid);
}

/// <summary>What a machine that asks says of itself; <c>null</c> for what it does not say.</summary>
/// <param name="Architecture">iPXE's <c>buildarch</c>.</param>
/// <param name="Memory">As iPXE knows it (<see cref="IpxeScript.WithMemory"/>).</param>
/// <param name="Counts">Whether the machine itself asks to be told, and not somebody else or about the answer's length or signature.</param>
internal sealed record BootQuestion(string? Architecture, string? Memory, Guid? Uuid, bool Counts);

/// <param name="Hold">Holds over everything else.</param>
/// <param name="Network"><c>null</c> for the local disk.</param>
internal sealed record BootOrder(Hold? Hold, NetBoot? Network);
