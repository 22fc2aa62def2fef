using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Inventory;

/// <summary>
/// Whether a machine that asked for something is recorded. With <c>unknown_nodes: ignore</c> nothing is kept of unknown machines
/// but a line in the log, and that at most once a minute: anybody on the network makes up as many as they like.
/// </summary>
internal sealed partial class Strangers(
    CurrentSnapshot current, NodeInventory inventory, TimeProvider time, ILogger<Strangers> logger)
{
    private readonly TokenBucket _lines = new(burst: 1, TimeSpan.FromMinutes(1), time);
    private int _unsaid;

    /// <returns>The machine as it is on record, now or already; <c>null</c> for one that is not recorded.</returns>
    public MacAddress? Meet(MacAddress card, string how)
    {
        if (current.Value.Cluster.UnknownNodes != UnknownNodes.Ignore || inventory.IsOnRecord(card))
        {
            return inventory.Discover(card, how);
        }

        if (card != MacAddress.Doctor)
        {
            Tell(card, how);
        }

        return null;
    }

    private void Tell(MacAddress card, string how)
    {
        var unsaid = Interlocked.Increment(ref _unsaid);
        if (_lines.TryTake())
        {
            Interlocked.Add(ref _unsaid, -unsaid);
            LogIgnored(card, unsaid - 1, Printable.OnOneLine(how));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Card} is not a card of a node and is not recorded, because unknown_nodes is ignore; "
            + "{Others} more such packets and requests since the last line: {How}")]
    private partial void LogIgnored(MacAddress card, int others, string how);
}
