using System.Collections.Concurrent;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>Follows what machines load over TFTP: pxelinux' files are read there, and nobody asks us.</summary>
internal sealed partial class BootWatch(
    CurrentSnapshot current,
    MachineAddresses addresses,
    BootRequests requests,
    BootAttempts attempts,
    TimeProvider time,
    ILogger<BootWatch> logger)
{
    /// <summary>
    /// Machines that said that they want no more of a file: the next transfer of theirs is the end of that one.
    /// </summary>
    private readonly ConcurrentDictionary<IPAddress, bool> _aborted = new();

    /// <summary>What the firmware of nodes last said of itself, and when; anybody can make up others.</summary>
    private readonly ConcurrentDictionary<MacAddress, (int? Architecture, DateTimeOffset At)> _firmware = new();

    public void Hear(Sighting seen)
    {
        if (FirmwareIn(seen) is { } firmware && current.Value.Nodes.Find(firmware.Mac) is { } asker)
        {
            _firmware[asker.Mac] = (firmware.Architecture, time.GetUtcNow());
        }
        else if (seen is TransferSighting { Outcome: not TransferOutcome.NotFound } transfer && NodeOf(transfer) is { } node)
        {
            Hear(transfer, node);
        }
    }

    /// <summary>
    /// Whose firmware asks. The log does not have option 93, by which alone some firmware is told: it is offered a loader, and
    /// who does not boot is not.
    /// </summary>
    private (MacAddress Mac, int? Architecture)? FirmwareIn(Sighting seen) => seen switch
    {
        DhcpSighting { IsOfFirmware: true } dhcp => (dhcp.Mac, dhcp.Architecture),
        LoaderSighting loader => (loader.Mac, _firmware.GetValueOrDefault(loader.Mac).Architecture),
        _ => null,
    };

    private void Hear(TransferSighting transfer, Node node)
    {
        if (CannotStart(node.Mac, transfer.File))
        {
            LogWrongLoader(node.HostName, transfer.File);
        }

        if (!IsAbort(transfer))
        {
            Note(transfer, node);
        }
    }

    private void Note(TransferSighting transfer, Node node)
    {
        switch (transfer)
        {
            case { Outcome: TransferOutcome.BrokenOff }:
                if (Boots(node))
                {
                    requests.BreakOff(node, transfer.File);
                }

                break;
            case { BootFileOf: not null } when addresses.IsAt(node.Mac, transfer.Machine, opening: null, current.Value):
                requests.Ask(current.Value, node, BootQuestion.Silent with { Counts = true });
                break;
            default:
                attempts.GetThrough(node.Mac, transfer.File);
                break;
        }
    }

    private bool IsAbort(TransferSighting transfer) => transfer.Outcome switch
    {
        TransferOutcome.Aborted => _aborted[transfer.Machine] = true,
        _ => _aborted.TryRemove(transfer.Machine, out _),
    };

    private Node? NodeOf(TransferSighting transfer)
    {
        var nodes = current.Value.Nodes;
        return transfer.BootFileOf is { } mac ? nodes.Find(mac) : addresses.NodeAt(transfer.Machine, nodes);
    }

    /// <summary>
    /// Whether its firmware asked for an address a short while ago. Anybody can ask for a file in a node's name and leave it
    /// there, with one datagram. Where others serve DHCP we see no firmware.
    /// </summary>
    private bool Boots(Node node) => current.Value.Cluster.Dhcp.Mode == DhcpMode.Off
        || (_firmware.TryGetValue(node.Mac, out var seen) && time.GetUtcNow() - seen.At < BootTrail.Window);

    /// <summary>Whether a file in <c>tftpboot/</c> is a loader for other firmware than this machine has.</summary>
    private bool CannotStart(MacAddress mac, string file) =>
        _firmware.TryGetValue(mac, out var firmware) && firmware.Architecture is { } architecture
        && Firmware.ThatStart(file) is { Count: > 0 } kinds && !kinds.Any(kind => kind.Architectures.Contains(architecture));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} loads {File}, which its firmware cannot start. "
        + "Another DHCP server on this network may have named that file: find it with 'bootstrapper doctor'")]
    private partial void LogWrongLoader(string node, string file);
}
