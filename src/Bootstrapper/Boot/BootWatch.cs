using System.Collections.Concurrent;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Rendering;

namespace Bootstrapper.Boot;

/// <summary>
/// Follows in dnsmasq's log what machines load over TFTP: pxelinux' files are read there, and nobody asks us. What a machine is told
/// next is written down as soon as it is held, and again when it is let go.
/// </summary>
internal sealed partial class BootWatch(
    Bsroot bsroot, CurrentSnapshot current, MachineAddresses addresses, BootAttempts attempts, NodeInventory inventory, TimeProvider time, ILogger<BootWatch> logger)
{
    /// <summary>Machines that said that they want no more of a file: the next line about them is the end of that one.</summary>
    private readonly ConcurrentDictionary<IPAddress, bool> _aborted = new();

    private readonly FirmwareLog _firmware = new();

    /// <param name="line">As dnsmasq writes it.</param>
    public void Hear(string line)
    {
        _firmware.Hear(line);
        if (TftpTransfer.Parse(line, bsroot.TftpRoot) is { } transfer && NodeOf(transfer) is { } node)
        {
            Hear(transfer, node);
        }
    }

    private void Hear(TftpTransfer transfer, Node node)
    {
        if (_firmware.CannotStart(node.Mac, transfer.File))
        {
            LogWrongLoader(node.HostName, transfer.File);
        }

        if (IsAbort(transfer))
        {
            return;
        }

        var before = attempts.HoldOf(node.Mac);
        Note(transfer, node);
        if (before is null && attempts.HoldOf(node.Mac) is { Until: { } until })
        {
            WriteBootFile(node);
            _ = WriteBootFileAtAsync(node.Mac, until);
        }
    }

    private void Note(TftpTransfer transfer, Node node)
    {
        switch (transfer)
        {
            case { Outcome: TftpOutcome.BrokenOff }:
                attempts.BreakOff(node, transfer.File);
                break;
            case { BootFileOf: not null } when addresses.IsAt(node, transfer.Machine):
                attempts.Ask(node);
                break;
            default:
                attempts.GetThrough(node, transfer.File);
                break;
        }
    }

    private bool IsAbort(TftpTransfer transfer) => transfer.Outcome switch
    {
        TftpOutcome.Aborted => _aborted[transfer.Machine] = true,
        _ => _aborted.TryRemove(transfer.Machine, out _),
    };

    private Node? NodeOf(TftpTransfer transfer)
    {
        var nodes = current.Value.Nodes;
        return transfer.BootFileOf is { } mac ? nodes.Find(mac) : addresses.NodeAt(transfer.Machine, nodes);
    }

    private async Task WriteBootFileAtAsync(MacAddress mac, DateTimeOffset until)
    {
        await Task.Delay(until - time.GetUtcNow(), time);
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RenderingException)
        {
            LogCannotWrite(e, node.HostName);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} loads {File}, which its firmware cannot start: who told it to? Not we; another DHCP server may answer on this network")]
    private partial void LogWrongLoader(string node, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot write the boot file of {Node}")]
    private partial void LogCannotWrite(Exception cause, string node);
}
