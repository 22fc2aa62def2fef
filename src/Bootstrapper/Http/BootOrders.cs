using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>Decides what a machine that asks is told: to wait, to boot over the network, or to boot from its disk.</summary>
internal sealed class BootOrders(NodeInventory inventory, BootAttempts attempts, MachineAddresses addresses, MachineFit fit)
{
    /// <summary>Whether iPXE must say more of its machine before anything can be decided.</summary>
    public bool NeedMemory(HttpContext context, Snapshot snapshot, Node node) =>
        !context.Request.Query.ContainsKey("memory") && Network(context, snapshot, node) is { } boot && fit.DependsOnMemory(boot, snapshot.Cluster);

    /// <summary>
    /// A machine that asks too often is held. Who asks in its place, from another address, does not count, nor does asking for
    /// the signature of what it was told, or for its length.
    /// </summary>
    public BootOrder For(HttpContext context, Snapshot snapshot, Node node)
    {
        var boot = Network(context, snapshot, node);
        var hold = boot is null ? null : fit.HoldOf(node, boot, snapshot.Cluster, context.Request.Query);
        return new BootOrder(hold ?? (Counts(context, node) ? attempts.Ask(node) : attempts.HoldOf(node.Mac)), boot);
    }

    private bool Counts(HttpContext context, Node node) => !Client.OnlyLooks(context) && !Path.HasExtension(context.Request.Path) && addresses.IsAt(node, Client.Address(context));

    private NetBoot? Network(HttpContext context, Snapshot snapshot, Node node) =>
        NodeLifecycle.Target(inventory.Of(node), node) == BootTarget.LocalDisk ? null : snapshot.NetBoot(node, Uuid(context));

    private static Guid? Uuid(HttpContext context) => Guid.TryParse(context.Request.Query["uuid"], out var uuid) ? uuid : null;
}

/// <param name="Hold">Holds over everything else.</param>
/// <param name="Network"><c>null</c> for the local disk.</param>
internal sealed record BootOrder(Hold? Hold, NetBoot? Network);
