using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Matchbox;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// Decides what a machine boots now: the one place, for every loader, for the files that loaders read without asking us, and for
/// operators. It looks, and changes nothing; <see cref="BootRequests"/> counts.
/// </summary>
internal sealed class BootOrders(BootAttempts attempts, MachineFit fit, CurrentMatchbox matchbox)
{
    /// <param name="record">The node's, as it is now or is about to be.</param>
    public BootOrder Now(Snapshot snapshot, Node node, NodeRecord record) => Of(snapshot, node, record, BootQuestion.Silent);

    /// <summary>An operator's hold stands above a wait: the machine is left alone.</summary>
    public BootOrder Of(Snapshot snapshot, Node node, NodeRecord record, BootQuestion question)
    {
        var target = NodeLifecycle.Target(record, node);
        var boot = target == BootTarget.LocalDisk ? null : snapshot.NetBoot(node, question.Uuid).From(question.Card);
        return new BootOrder(
            record.Held ? null : Unfit(snapshot, record, boot, question) ?? attempts.WaitOf(node.Mac), target, boot)
        {
            Disk = target == BootTarget.LocalDisk ? record.Disk : null,
        };
    }

    /// <summary>
    /// For a machine that the description does not name: what a matchbox directory has for it; else the system that finds out
    /// what is in it, where such machines are wanted.
    /// </summary>
    /// <param name="record"><c>null</c> for one that is not on record: it is neither held nor waits.</param>
    /// <returns><c>null</c> where there is nothing for it.</returns>
    public BootOrder? OfStranger(Snapshot snapshot, NodeRecord? record, BootQuestion question)
    {
        if (record is { Held: true })
        {
            return BootOrder.LocalDisk;
        }

        var written = question.Shown is { } shown ? matchbox.Value?.Boot(shown) : null;
        return (written ?? Discovery(snapshot, question)) is not { } boot ? null
            : new BootOrder(WaitOfStranger(snapshot, record, boot, question), BootTarget.Memory, boot)
            {
                AsWritten = written is not null,
            };
    }

    /// <summary>Why a machine boots nothing for now; <c>null</c> where it may boot, or is held.</summary>
    /// <param name="node"><c>null</c> where the description does not name it.</param>
    public Wait? WaitOf(Snapshot snapshot, Node? node, NodeRecord record) =>
        node is not null ? Now(snapshot, node, record).Wait
        : record.Held ? null
        : attempts.WaitOf(record.Mac);

    /// <summary>Whether iPXE must say more of its machine before anything can be decided.</summary>
    public bool NeedMemory(Snapshot snapshot, Node node, NodeRecord record, BootQuestion question) =>
        question.Hardware.Memory is null
        && NodeLifecycle.Target(record, node) != BootTarget.LocalDisk
        && fit.DependsOnMemory(snapshot.NetBoot(node, question.Uuid), snapshot.Cluster);

    private static NetBoot? Discovery(Snapshot snapshot, BootQuestion question) =>
        snapshot.Cluster.UnknownNodes == UnknownNodes.Ignore || question.IsMalformed ? null
            : snapshot.Discovery(question.Card, question.From);

    private Wait? WaitOfStranger(Snapshot snapshot, NodeRecord? record, NetBoot boot, BootQuestion question) =>
        record is not null ? Unfit(snapshot, record, boot, question) ?? attempts.WaitOf(record.Mac)
        : question.Unable ? attempts.Unstarted(boot.Kernel)
        : null;

    private Wait? Unfit(Snapshot snapshot, NodeRecord record, NetBoot? boot, BootQuestion question) =>
        boot is null ? null : fit.WaitOf(boot, snapshot.Cluster, question.Hardware.Over(attempts.HardwareOf(record.Mac)));
}
