using System.Collections.Concurrent;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Boot;

/// <summary>
/// Follows in dnsmasq's log what machines load over TFTP: pxelinux' files are read there, and nobody asks us.
/// </summary>
internal sealed partial class BootWatch(
    Bsroot bsroot,
    CurrentSnapshot current,
    MachineAddresses addresses,
    BootRequests requests,
    BootAttempts attempts,
    ILogger<BootWatch> logger)
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

        Note(transfer, node);
    }

    private void Note(TftpTransfer transfer, Node node)
    {
        switch (transfer)
        {
            case { Outcome: TftpOutcome.BrokenOff }:
                requests.BreakOff(node, transfer.File);
                break;
            case { BootFileOf: not null } when addresses.IsAt(node, transfer.Machine):
                requests.Ask(current.Value, node, BootQuestion.Silent with { Counts = true });
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} loads {File}, which its firmware cannot start: who told it to? "
        + "Not we; another DHCP server may answer on this network")]
    private partial void LogWrongLoader(string node, string file);
}
