using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// What loaders ask, whichever they are: each question counts, and the one that is too many makes the machine wait. The file that
/// pxelinux reads says so as soon as that begins, and boots again when it is over.
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
        var order = orders.Of(snapshot, node, record, question);
        if (question.Counts && !record.Held)
        {
            Change(node, () => attempts.Ask(node, question.Hardware, order.Wait));
        }

        if (question.Counts && snapshot.Cluster.Dhcp.Mode == DhcpMode.Off)
        {
            // Where others serve DHCP, we see no firmware: that a loader asks is all there is.
            inventory.SeenToBoot(node, "its boot loader asked what to boot");
        }

        return order;
    }

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
    /// <returns>Whether another loader is worth a try.</returns>
    public bool CannotStart(Snapshot snapshot, Node node, BootQuestion question)
    {
        var kernel = orders.Of(snapshot, node, inventory.Of(node), question).Network?.Kernel;
        if (question.Counts && kernel is not null)
        {
            Change(node, () => attempts.CannotStart(node, kernel));
        }

        return kernel is not null && attempts.WaitOf(node.Mac) is null;
    }

    /// <summary>
    /// Likewise of a machine that is no node. Of who is not on record, nothing is remembered: it waits at once.
    /// </summary>
    /// <returns>What it waits for; <c>null</c> where another loader is worth a try.</returns>
    public Wait? CannotStart(MacAddress? card, string kernel) =>
        card is { } mac && inventory.Find(mac) is { } record
            ? attempts.CannotStart(mac, record.HostName, kernel)
            : BootTrail.Unstarted(kernel, time.GetUtcNow());

    /// <summary>A file could not be sent to it over TFTP.</summary>
    public void BreakOff(Node node, string file) => Change(node, () => attempts.BreakOff(node, file));

    private void Change(Node node, Action change)
    {
        var before = attempts.WaitOf(node.Mac);
        change();
        if (before is null && attempts.WaitOf(node.Mac) is { Until: { } until })
        {
            WriteBootFile(node);
            _ = WriteBootFileAtAsync(node.Mac, until);
        }
    }

    private async Task WriteBootFileAtAsync(MacAddress mac, DateTimeOffset until)
    {
        var left = until - time.GetUtcNow();
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        if (current.Value.Nodes.Find(mac) is { } node)
        {
            WriteBootFile(node);
        }
    }

    private void WriteBootFile(Node node)
    {
        try
        {
            inventory.WriteBootFile(node);
        }
        // The machine that asks is answered all the same; the file is written again when its state changes.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogCannotWrite(e, node.HostName);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot write the boot file of {Node}")]
    private partial void LogCannotWrite(Exception cause, string node);
}
