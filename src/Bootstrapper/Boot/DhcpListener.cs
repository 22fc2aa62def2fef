using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Boot;

/// <summary>
/// Hears what our own DHCP server hears and says, and passes it on as <see cref="DnsmasqListener"/> and <see
/// cref="FirmwareWatch"/> do: to the timelines, to the loop guard, and to nodes that wait for their firmware to boot.
/// </summary>
internal sealed partial class DhcpListener(
    DhcpNews news,
    CurrentSnapshot current,
    SightingRecord record,
    BootWatch watch,
    UnansweredCards unanswered,
    MachineAddresses addresses,
    NodeInventory inventory,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<DhcpListener> logger)
    : BackgroundRounds("record of DHCP", health, time, logger)
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        await news.Events.WaitToReadAsync(stopping);
        await DelayAsync(Gather, stopping);
    }

    protected override Task RoundAsync(CancellationToken stopping)
    {
        while (news.Events.TryPeek(out var happened))
        {
            Hear(happened); // once more after a disk that refused: a node is waited for until its firmware is on record
            news.Events.TryRead(out _);
        }

        return Task.CompletedTask;
    }

    protected override Task CloseAsync() => RoundAsync(CancellationToken.None);

    private void Hear(in DhcpEvent happened)
    {
        if (happened.Card == default)
        {
            unanswered.Note();
            return;
        }

        if (happened.IsFromFirmware && addresses.OwnerOf(happened.Card, current.Value.Nodes) is { } node)
        {
            inventory.FirmwareAsked(node, happened.Card);
        }

        var seen = new DhcpSighting(
            happened.Card,
            happened.Type.Name(),
            happened.Address == 0 ? null : Ipv4.ToAddress(happened.Address),
            happened.Remark,
            happened.VendorClass)
        {
            Relay = happened.Relay == 0 ? null : Ipv4.ToAddress(happened.Relay),
        };
        Note(seen);
        if (happened.Loader is { } loader)
        {
            Note(new LoaderSighting(happened.Card, loader));
        }

        if (happened.Type is DhcpMessageType.Ack or DhcpMessageType.Nak)
        {
            LogExchange(Logger, $"{seen.Message} {seen.Address} {happened.Card} {happened.Remark}".TrimEnd());
        }
    }

    private void Note(Sighting seen)
    {
        record.Note(seen);
        watch.Hear(seen);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "dhcp: {Exchange}")]
    private static partial void LogExchange(ILogger logger, string exchange);
}
