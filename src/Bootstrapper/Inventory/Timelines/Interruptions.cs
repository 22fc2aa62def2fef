using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>Puts on the timelines of machines that were busy that a program of ours was not there for them.</summary>
internal sealed class Interruptions(NodeInventory inventory, Timeline timeline, TimeProvider time)
{
    /// <summary>A machine that was seen within this time may be waiting for an answer.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromMinutes(2);

    /// <param name="what">Such as <c>dnsmasq ended with code 2</c>.</param>
    public void Note(string what)
    {
        var earliest = time.GetUtcNow() - Busy;
        foreach (var record in inventory.Records.Where(record =>
            record.State == NodeState.Installing || timeline.LastSeen(record.Mac) >= earliest).ToList())
        {
            timeline.Add(new TimelineEvent(record.Mac, EventKind.Service, what));
        }
    }
}
