using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// The timeline as server-sent events. Beside what was seen there are <c>gap</c>, when something was missed that is not in memory
/// any more, or that a killed run may not have written down, so the listener must read everything again; and <c>ping</c>, at the
/// beginning and when there is nothing to tell.
/// </summary>
internal sealed class EventStream(Timeline timeline, NodeInventory inventory, TimeProvider time)
{
    /// <summary>Proxies cut connections that are silent for a minute.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <param name="mac"><c>null</c> for all machines.</param>
    /// <param name="last">The id of the last event that the listener has.</param>
    /// <param name="isWelcome">
    /// Whether the listener may still know: access that is revoked does not last as long as a connection.
    /// </param>
    public async IAsyncEnumerable<SseItem<EventView?>> FollowAsync(
        MacAddress? mac,
        long last,
        Func<bool> isWelcome,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken hungUp)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, hungUp);
        // until the first byte the listener does not know that it is connected
        yield return new SseItem<EventView?>(null, timeline.HasGapAfter(last) ? "gap" : "ping");

        for (var position = 0L; !ending.IsCancellationRequested && isWelcome();)
        {
            var (events, next, added, hasGap) = timeline.Since(position, last);
            position = next;
            if (hasGap)
            {
                yield return new SseItem<EventView?>(null, "gap");
            }

            foreach (var seen in events.Where(seen => mac is null || seen.Mac == mac))
            {
                yield return new SseItem<EventView?>(EventView.Of(seen, inventory.Find(seen.Mac)?.HostName), "seen")
                {
                    EventId = seen.Id.ToString(CultureInfo.InvariantCulture),
                };
            }

            if (await Task.WhenAny(added, Task.Delay(KeepAlive, time, ending.Token)) != added)
            {
                yield return new SseItem<EventView?>(null, "ping");
            }
        }
    }
}

/// <summary>The wire form of what was seen.</summary>
/// <param name="Node">The machine's host name, while it is recorded.</param>
/// <param name="By">The address or operator that it came from.</param>
/// <param name="Bytes">What was sent to the machine.</param>
/// <param name="Seconds">How long that took.</param>
internal sealed record EventView(
    long Id,
    DateTimeOffset At,
    MacAddress Mac,
    string? Node,
    EventKind Kind,
    string Text,
    string? By,
    long? Bytes,
    double? Seconds)
{
    /// <summary>How far on its way through a boot it shows the machine; <c>null</c> where it does not.</summary>
    public BootStage? Stage { get; init; }

    /// <summary>Of DHCP: the message, such as <c>DHCPACK</c>.</summary>
    public string? Message { get; init; }

    /// <summary>The state that the machine left.</summary>
    public NodeState? Left { get; init; }

    /// <summary>The state that the machine came into.</summary>
    public NodeState? Entered { get; init; }

    public static EventView Of(TimelineEvent seen, string? node) =>
        new(seen.Id, seen.At, seen.Mac, node, seen.Kind, seen.Text, seen.By, seen.Bytes, seen.Seconds)
        {
            Stage = seen.Stage == BootStage.None ? null : seen.Stage,
            Message = seen.Message,
            Left = seen.Left,
            Entered = seen.Entered,
        };
}
