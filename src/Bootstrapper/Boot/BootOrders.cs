using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// Decides what a machine boots now: the one place, for every loader, for the files that loaders read without asking us, and for
/// operators. It looks, and changes nothing; <see cref="BootRequests"/> counts.
/// </summary>
internal sealed class BootOrders(BootAttempts attempts, MachineFit fit)
{
    /// <param name="record">The node's, as it is now or is about to be.</param>
    public BootOrder Now(Snapshot snapshot, Node node, NodeRecord record) => Of(snapshot, node, record, BootQuestion.Silent);

    /// <summary>An operator's hold stands above a wait: the machine is left alone.</summary>
    public BootOrder Of(Snapshot snapshot, Node node, NodeRecord record, BootQuestion question)
    {
        var target = NodeLifecycle.Target(record, node);
        var boot = target == BootTarget.LocalDisk ? null : snapshot.NetBoot(node, question.Uuid).From(question.Card);
        return new BootOrder(
            record.Held ? null : Unfit(snapshot, node, boot, question) ?? attempts.WaitOf(node.Mac), target, boot);
    }

    /// <summary>Whether iPXE must say more of its machine before anything can be decided.</summary>
    public bool NeedMemory(Snapshot snapshot, Node node, NodeRecord record, BootQuestion question) =>
        question.Hardware.Memory is null
        && NodeLifecycle.Target(record, node) != BootTarget.LocalDisk
        && fit.DependsOnMemory(snapshot.NetBoot(node, question.Uuid), snapshot.Cluster);

    private Wait? Unfit(Snapshot snapshot, Node node, NetBoot? boot, BootQuestion question) =>
        boot is null ? null : fit.WaitOf(boot, snapshot.Cluster, question.Hardware.Over(attempts.HardwareOf(node.Mac)));
}

/// <summary>What a machine that asks says of itself.</summary>
/// <param name="Uuid"><c>null</c> where it does not say.</param>
/// <param name="Card">The network card that it boots from; likewise.</param>
/// <param name="Counts">
/// Whether the machine itself asks to be told, and not somebody else or about the answer's length or signature.
/// </param>
internal sealed record BootQuestion(BootHardware Hardware, Guid? Uuid, MacAddress? Card, bool Counts)
{
    /// <summary>Nobody asks.</summary>
    public static readonly BootQuestion Silent = new(BootHardware.Unknown, Uuid: null, Card: null, Counts: false);
}
