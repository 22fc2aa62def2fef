using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Boot;

/// <summary>
/// Ends the wait of nodes that are to boot from the network first, when the wire shows that their firmware asks for an address.
/// It looks at the wire itself and not at dnsmasq's log, whoever serves DHCP: the log has what a datagram says, and any program
/// on the node can send one.
/// </summary>
internal sealed class FirmwareWatch(
    CurrentSnapshot current,
    LocalInterfaces interfaces,
    MachineAddresses addresses,
    NodeInventory inventory,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<FirmwareWatch> logger)
    : BackgroundRounds("watch for firmware that boots", health, time, logger)
{
    private readonly byte[] _frame = new byte[DhcpWire.LargestFrame];
    private Socket? _wire;

    /// <summary>Of the frame that is yet to be looked at.</summary>
    private int _length;

    /// <summary>Machines may ask as soon as anybody is served.</summary>
    protected override Task OpenAsync(CancellationToken cancellation)
    {
        _wire = Open();
        return Task.CompletedTask;
    }

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        try
        {
            _length = _wire is null ? 0 : await _wire.ReceiveAsync(_frame, stopping);
        }
        catch (SocketException)
        {
            Drop(); // the interface is down, or gone
            throw;
        }
    }

    /// <remarks>A frame whose round failed, for want of room on the disk, is looked at again in the next.</remarks>
    protected override Task RoundAsync(CancellationToken stopping)
    {
        _wire ??= Open();
        if (FirmwareRequest.CardIn(_frame.AsSpan(0, _length)) is { } card
            && addresses.OwnerOf(card, current.Value.Nodes) is { } node)
        {
            inventory.SeenToBoot(node, $"its firmware asked for an address, from the network card {card}");
        }

        _length = 0;
        return Task.CompletedTask;
    }

    protected override Task CloseAsync()
    {
        Drop();
        return Task.CompletedTask;
    }

    private Socket Open()
    {
        var served = current.Value.Cluster.Bootstrapper;
        return interfaces.All.FirstOrDefault(local => local.Addresses.Contains(served)) is { } on
            ? DhcpWire.Open(on.Index)
            : throw new IOException($"no network interface has the address {served}");
    }

    private void Drop()
    {
        _wire?.Dispose();
        _wire = null;
    }
}
