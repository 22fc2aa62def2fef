using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// Catches machines that go round in circles, and holds them with a message on their screens. In memory only: a bootstrapper that
/// starts again gives every machine a fresh start.
/// </summary>
internal sealed partial class BootAttempts(Timeline timeline, TimeProvider time, ILogger<BootAttempts> logger)
{
    private readonly ConcurrentDictionary<MacAddress, BootTrail> _trails = new();

    public Hold? HoldOf(MacAddress mac) => _trails.TryGetValue(mac, out var trail) ? trail.HoldAt(time.GetUtcNow()) : null;

    /// <summary>A machine asks what to boot. One that is held is told so, and that does not count.</summary>
    /// <returns>Why it is held; <c>null</c> where it may boot.</returns>
    public Hold? Ask(Node node) => HoldOf(node.Mac) ?? Tell(node);

    /// <summary>A file did not arrive over TFTP.</summary>
    public void BreakOff(Node node, string file) => Change(node, trail => trail.BreakOff(file, time.GetUtcNow()));

    public void GetThrough(Node node, string file)
    {
        if (_trails.ContainsKey(node.Mac))
        {
            Change(node, trail => trail.GetThrough(file));
        }
    }

    /// <summary>It reported, so it came somewhere: all is forgiven.</summary>
    /// <returns>Whether it was held.</returns>
    public bool Forget(MacAddress mac) => _trails.TryRemove(mac, out var trail) && trail.HoldAt(time.GetUtcNow()) is not null;

    private Hold? Tell(Node node)
    {
        Change(node, trail => trail.Tell(time.GetUtcNow()));
        return null;
    }

    private void Change(Node node, Func<BootTrail, BootTrail> change)
    {
        var before = HoldOf(node.Mac);
        _trails.AddOrUpdate(node.Mac, _ => change(BootTrail.Empty), (_, trail) => change(trail));
        if (before is null && HoldOf(node.Mac) is { } hold)
        {
            LogHeld(node.HostName, hold.Reason, hold.Until);
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Hold, $"held: {hold.Reason}"));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} is held: {Reason}; until {Until:u}, or until it reports")]
    private partial void LogHeld(string node, string reason, DateTimeOffset? until);
}
