using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Boot;

/// <summary>Puts what is seen of machines on their timelines; a new machine is recorded from then on.</summary>
internal sealed class SightingRecord(
    Bsroot bsroot,
    CurrentSnapshot current,
    Strangers strangers,
    Timeline timeline,
    MachineAddresses addresses)
{
    public void Note(Sighting seen)
    {
        if (CardOf(seen) is { } card && seen.Sentence is var told && strangers.Meet(card, told) is { } machine)
        {
            timeline.Add(EventOf(machine, seen, told));
        }
    }

    /// <summary>TFTP knows no other name of a machine than its address.</summary>
    private MacAddress? CardOf(Sighting seen) => seen switch
    {
        DhcpSighting dhcp => dhcp.Mac,
        LoaderSighting loader => loader.Mac,
        TransferSighting transfer => addresses.MachineAt(transfer.Machine, current.Value.Nodes),
        _ => null,
    };

    private TimelineEvent EventOf(MacAddress machine, Sighting seen, string told) => seen is TransferSighting transfer
        ? new TimelineEvent(machine, EventKind.Tftp, told)
        {
            Stage = addresses.IsAt(machine, transfer.Machine, opening: null, current.Value) ? seen.Stage : BootStage.None,
            File = transfer.Outcome == TransferOutcome.Aborted ? null : $"/{transfer.File}",
            Bytes = SizeOf(transfer),
        }
        : new TimelineEvent(machine, EventKind.Dhcp, told)
        {
            Stage = seen.Stage,
            Message = (seen as DhcpSighting)?.Message,
        };

    /// <returns>Octets; <c>null</c> where nothing was sent.</returns>
    private long? SizeOf(TransferSighting transfer) =>
        transfer.Outcome == TransferOutcome.Sent
            && new FileInfo(Path.Combine(bsroot.TftpRoot, transfer.File)) is { Exists: true } file ? file.Length : null;
}
