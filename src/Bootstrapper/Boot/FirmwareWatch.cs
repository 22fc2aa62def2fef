using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
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
    : BackgroundRounds(Name, health, time, logger)
{
    private const string Name = "watch for firmware that boots";

    /// <summary>
    /// How long it may go unnoticed that the interface became a port of a bridge, where the kernel does not tell that its address
    /// went: nothing comes in by it any more, and no error says so.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly OwnPlaces _places = new(Name, interfaces, health, logger);
    private readonly Bell _bell = new();

    /// <summary>What comes in by each interface that it looks at, by the kernel's number.</summary>
    private readonly Dictionary<int, DhcpFrames> _wires = [];

    /// <summary>Why nobody can be heard any more: an interface is down, or gone.</summary>
    private Task? Failed => _wires.Values.Select(wire => wire.Cards.Completion).FirstOrDefault(wire => wire.IsFaulted);

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
        foreach (var wire in _wires.Values)
        {
            while (wire.Cards.TryPeek(out var card))
            {
                NoteBoot(card);
                wire.Cards.TryRead(out _);
            }
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

    /// <summary>Looks at the interfaces that have our addresses now.</summary>
    private void Follow()
    {
        if (current.Value.HasBuiltInDhcp)
        {
            _places.Forget();
            Drop();
            return;
        }

        var served = _places.Of(current.Value.Cluster).Select(place => place.On.Index).ToHashSet();
        if (!served.SetEquals(_wires.Keys))
        {
            Drop();
            foreach (var index in served)
            {
                _wires.Add(index, new DhcpFrames(index, card => AwaitedWith(card) is not null, _bell));
            }
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
        foreach (var wire in _wires.Values)
        {
            wire.Dispose();
        }

        _wires.Clear();
    }
}
