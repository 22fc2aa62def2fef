using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Boot;

/// <summary>
/// Ends the wait of nodes that are to boot from the network first, when the wire shows that their firmware asks for an address.
/// It looks at the wire itself and not at dnsmasq's log, whoever serves DHCP: the log has what a datagram says, and any program
/// on the node can send one. Where our own server gives out the addresses, that sees the same frames.
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
    /// How long it may go unnoticed that the interface became a port of a bridge, where the kernel does not tell that its address
    /// went: nothing comes in by it any more, and no error says so.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly Bell _bell = new();
    private DhcpFrames? _wire;

    /// <summary>The interface that it looks at, by the kernel's number.</summary>
    private int _index;

    /// <summary>Why nobody can be heard any more: the interface is down, or gone.</summary>
    private Task? Failed => _wire?.Cards.Completion is { IsFaulted: true } failed ? failed : null;

    /// <summary>Machines may ask as soon as anybody is served.</summary>
    protected override Task OpenAsync(CancellationToken cancellation)
    {
        Follow();
        current.Replaced += _bell.Ring;
        interfaces.Changed += _bell.Ring;
        _bell.Ring(); // for what happened in between
        return Task.CompletedTask;
    }

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        if (Failed is null)
        {
            await DelayAsync(Time.UntilNext(LookEvery), _bell, stopping);
        }

        if (Failed is { } failed)
        {
            Drop();
            await failed;
        }
    }

    /// <remarks>A card whose round failed, for want of room on the disk, is looked at again in the next.</remarks>
    protected override Task RoundAsync(CancellationToken stopping)
    {
        Follow();
        while (_wire is { } wire && wire.Cards.TryPeek(out var card))
        {
            NoteBoot(card);
            wire.Cards.TryRead(out _);
        }

        return Task.CompletedTask;
    }

    protected override Task CloseAsync()
    {
        current.Replaced -= _bell.Ring;
        interfaces.Changed -= _bell.Ring;
        Drop();
        return Task.CompletedTask;
    }

    /// <summary>Looks at the interface that has the bootstrapper's address now.</summary>
    private void Follow()
    {
        if (current.Value.HasBuiltInDhcp)
        {
            Drop();
            return;
        }

        var served = current.Value.Cluster.Bootstrapper;
        var on = interfaces.Holding(served) ?? throw new IOException($"no network interface has the address {served}");
        if (_wire is null || _index != on.Index)
        {
            Drop();
            (_wire, _index) = (new DhcpFrames(on.Index, card => AwaitedWith(card) is not null, _bell), on.Index);
        }
    }

    private void NoteBoot(MacAddress card)
    {
        if (AwaitedWith(card) is { } node)
        {
            inventory.FirmwareAsked(node, card);
        }
    }

    private Node? AwaitedWith(MacAddress card) =>
        addresses.OwnerOf(card, current.Value.Nodes) is { } node && inventory.Find(node.Mac) is { AwaitsBoot: true }
            ? node
            : null;

    private void Drop()
    {
        _wire?.Dispose();
        _wire = null;
    }
}
