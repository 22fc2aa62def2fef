using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Boot;

/// <summary>
/// What loaders ask, whichever they are: each question of a machine on record counts, and the one that is too many makes it wait.
/// The file that pxelinux reads says so as soon as that begins, and boots again when it is over.
/// </summary>
internal sealed partial class BootRequests(
    NodeInventory inventory,
    BootOrders orders,
    BootAttempts attempts,
    CurrentSnapshot current,
    TimeProvider time,
    ILogger<BootRequests> logger)
{
    public bool NeedMemory(Snapshot snapshot, Node node, BootQuestion question) =>
        orders.NeedMemory(snapshot, node, inventory.Of(node), question);

    /// <summary>A loader asks what its machine boots.</summary>
    public BootOrder Ask(Snapshot snapshot, Node node, BootQuestion question)
    {
        var record = inventory.Of(node);
        var order = Count(record, orders.Of(snapshot, node, record, question), question);
        if (question.Counts && (snapshot.Cluster is { Dhcp.Mode: DhcpMode.Off, Secrets: not SecretsPolicy.Guarded }
            || !snapshot.Cluster.IsOn(snapshot.Cluster.NetworkOf(node))))
        {
            // Behind a router we see no firmware: that a loader asks is all there is.
            inventory.SeenToBoot(node, "its boot loader asked what to boot");
        }

        return order;
    }

    /// <summary>Likewise, of a machine that the description does not name.</summary>
    /// <returns><c>null</c> where there is nothing for it.</returns>
    public BootOrder? AskAsStranger(Snapshot snapshot, BootQuestion question)
    {
        var record = RecordOf(question);
        var order = orders.OfStranger(snapshot, record, question);
        return record is null || order is null ? order : Count(record, order, question);
    }

    /// <summary>What a machine is called that the description does not name.</summary>
    public string NameOf(BootQuestion question) =>
        RecordOf(question)?.HostName ?? question.Card?.ToHyphenated() ?? "it";

    /// <summary>
    /// A live system asks for its script. It was booted by an answer of ours that counted already, so it waits only where its
    /// loader was told to wait since.
    /// </summary>
    public BootOrder AskFromLiveSystem(Snapshot snapshot, Node node)
    {
        var order = orders.Now(snapshot, node, inventory.Of(node));
        return attempts.WasToldToWait(node.Mac) ? order : order with { Wait = null };
    }

    /// <summary>Its loader has the kernel and cannot start it.</summary>
    /// <param name="node"><c>null</c> where the description does not name it.</param>
    /// <returns>
    /// Whether another loader is worth a try. Not for who is not on record: of it nothing is remembered, and it waits at once.
    /// </returns>
    public bool CannotStart(Snapshot snapshot, Node? node, BootQuestion question)
    {
        if ((node is null ? RecordOf(question) : inventory.Of(node)) is not { } record)
        {
            return false;
        }

        var order = node is null
            ? orders.OfStranger(snapshot, record, question)
            : orders.Of(snapshot, node, record, question);
        if (order?.Network?.Kernel is not { } kernel)
        {
            return false;
        }

        if (question.Counts)
        {
            Change(record, () => attempts.CannotStart(record, kernel));
        }

        return attempts.WaitOf(record.Mac) is null;
    }

    /// <summary>A file could not be sent to it over TFTP.</summary>
    public void BreakOff(Node node, string file)
    {
        var record = inventory.Of(node);
        Change(record, () => attempts.BreakOff(record, file));
    }

    private NodeRecord? RecordOf(BootQuestion question) => question.Card is { } card ? inventory.Find(card) : null;

    private BootOrder Count(NodeRecord record, BootOrder order, BootQuestion question)
    {
        if (question.Counts && !record.Held)
        {
            Change(record, () => attempts.Ask(record, question.Hardware, order.Wait));
        }

        return order;
    }

    private void Change(NodeRecord record, Action change)
    {
        var before = attempts.WaitOf(record.Mac);
        change();
        if (before is null && attempts.WaitOf(record.Mac) is { Until: { } until })
        {
            WriteBootFile(record.Mac);
            _ = WriteBootFileAtAsync(record.Mac, until);
        }
    }

    private async Task WriteBootFileAtAsync(MacAddress mac, DateTimeOffset until)
    {
        var left = until - time.GetUtcNow();
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        WriteBootFile(mac);
    }

    private void WriteBootFile(MacAddress mac)
    {
        try
        {
            inventory.WriteBootFile(mac, current.Value.Nodes.Find(mac));
        }
        // The machine that asks is answered all the same; the file is written again when its state changes.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogCannotWrite(e, mac);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot write the boot file of {Node}")]
    private partial void LogCannotWrite(Exception cause, MacAddress node);
}
