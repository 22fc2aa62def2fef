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
    /// <summary>
    /// How long it may go unnoticed that the interface became a port of a bridge: nothing comes in by it any more, and no error
    /// says so.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Of a boot storm many frames come at once, and to be woken for each costs more than to read it. The kernel keeps some
    /// hundred meanwhile (<c>net.core.rmem_default</c>).
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _frame = new byte[DhcpWire.LargestFrame];
    private Socket? _wire;

    /// <summary>The interface that it looks at, by the kernel's number.</summary>
    private int _index;

    /// <summary>Of the frame that is yet to be looked at.</summary>
    private int _length;

    /// <summary>Machines may ask as soon as anybody is served.</summary>
    protected override Task OpenAsync(CancellationToken cancellation)
    {
        Follow();
        return Task.CompletedTask;
    }

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        looking.CancelAfter(LookEvery);
        try
        {
            _length = _wire is null ? 0 : await _wire.ReceiveAsync(_frame, looking.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // nobody asks: it is time to look at the interface
        }
        catch (SocketException)
        {
            Drop(); // the interface is down, or gone
            throw;
        }
    }

    /// <remarks>A frame whose round failed, for want of room on the disk, is looked at again in the next.</remarks>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        Follow();
        LookAtFrame();
        while (_wire is { Available: > 0 })
        {
            _length = await _wire.ReceiveAsync(_frame, stopping);
            LookAtFrame();
        }

        await DelayAsync(Gather, stopping);
    }

    private void LookAtFrame()
    {
        if (FirmwareRequest.CardIn(_frame.AsSpan(0, _length)) is { } card
            && addresses.OwnerOf(card, current.Value.Nodes) is { } node)
        {
            inventory.SeenToBoot(node, $"its firmware asked for an address, from the network card {card}");
        }

        _length = 0;
    }

    protected override Task CloseAsync()
    {
        Drop();
        return Task.CompletedTask;
    }

    /// <summary>Looks at the interface that has the bootstrapper's address now.</summary>
    private void Follow()
    {
        var served = current.Value.Cluster.Bootstrapper;
        var on = interfaces.All.FirstOrDefault(local => local.Addresses.Contains(served))
            ?? throw new IOException($"no network interface has the address {served}");
        if (_wire is null || _index != on.Index)
        {
            Drop();
            (_wire, _index) = (DhcpWire.Open(on.Index), on.Index);
        }
    }

    private void Drop()
    {
        _wire?.Dispose();
        _wire = null;
    }
}
