using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// The loop guard: catches machines that ask what to boot again and again, and has them wait with a message on their screens. In
/// memory only: a bootstrapper that starts again gives every machine a fresh start.
/// </summary>
internal sealed partial class BootAttempts(Timeline timeline, TimeProvider time, ILogger<BootAttempts> logger)
{
    private readonly ConcurrentDictionary<MacAddress, BootTrail> _trails = new();

    /// <summary>Of machines that are no nodes, for as long as it matters.</summary>
    private readonly ConcurrentDictionary<MacAddress, BootTrail> _strangers = new();

    /// <summary>Why it waits because of what it went through; <c>null</c> where it does not.</summary>
    public Wait? WaitOf(MacAddress mac) => _trails.GetValueOrDefault(mac)?.WaitAt(time.GetUtcNow());

    /// <summary>Whether its loader was told to wait, and nothing else since.</summary>
    public bool WasToldToWait(MacAddress mac) => _trails.GetValueOrDefault(mac)?.ToldToWait is not null;

    /// <summary>What its loader said of it a short while ago.</summary>
    public BootHardware HardwareOf(MacAddress mac) =>
        _trails.GetValueOrDefault(mac)?.HardwareAt(time.GetUtcNow()) ?? BootHardware.Unknown;

    /// <summary>
    /// A machine asks what to boot. One that is told to wait is not told what to boot, and that does not count.
    /// </summary>
    /// <param name="wait">What it is told, if it is to wait.</param>
    public void Ask(Node node, BootHardware hardware, Wait? wait)
    {
        var now = time.GetUtcNow();
        var before = _trails.GetValueOrDefault(node.Mac)?.ToldToWait;
        Change(node, trail => wait is null ? trail.Hear(hardware, now).Tell(now) : trail.Hear(hardware, now).TellToWait(wait));
        if (wait is not null && wait.Until is null && wait != before)
        {
            Note(node.Mac, node.HostName, wait); // what the machine cannot boot; the other kind is noted as it begins
        }
    }

    /// <summary>A file did not arrive over TFTP.</summary>
    public void BreakOff(Node node, string file) => Change(node, trail => trail.BreakOff(file, time.GetUtcNow()));

    /// <summary>Its loader cannot start this kernel.</summary>
    public void CannotStart(Node node, string kernel) => Change(node, trail => trail.CannotStart(kernel, time.GetUtcNow()));

    /// <summary>Likewise, of a machine that is no node.</summary>
    /// <param name="machine">What it is called.</param>
    /// <returns>What it waits for; <c>null</c> where another loader is worth a try.</returns>
    public Wait? CannotStart(MacAddress card, string machine, string kernel)
    {
        var now = time.GetUtcNow();
        foreach (var (other, trail) in _strangers.Where(stranger => stranger.Value.IsOver(now)))
        {
            _strangers.TryRemove(KeyValuePair.Create(other, trail));
        }

        var before = _strangers.GetValueOrDefault(card)?.WaitAt(now);
        var wait = _strangers.AddOrUpdate(
            card, _ => BootTrail.Empty.CannotStart(kernel, now), (_, trail) => trail.CannotStart(kernel, now)).WaitAt(now);
        if (before is null && wait is not null)
        {
            Note(card, machine, wait);
        }

        return wait;
    }

    public void GetThrough(Node node, string file)
    {
        if (_trails.ContainsKey(node.Mac))
        {
            Change(node, trail => trail.GetThrough(file));
        }
    }

    /// <summary>It reported, so it came somewhere: all is forgiven.</summary>
    /// <returns>Whether it was waiting.</returns>
    public bool Forget(MacAddress mac) => _trails.TryRemove(mac, out var trail) && trail.WaitAt(time.GetUtcNow()) is not null;

    private void Change(Node node, Func<BootTrail, BootTrail> change)
    {
        var before = WaitOf(node.Mac);
        _trails.AddOrUpdate(node.Mac, _ => change(BootTrail.Empty), (_, trail) => change(trail));
        if (before is null && WaitOf(node.Mac) is { } wait)
        {
            Note(node.Mac, node.HostName, wait);
        }
    }

    private void Note(MacAddress mac, string machine, Wait wait)
    {
        LogWaiting(machine, wait.Reason, wait.Until is { } until ? $"{until:u}" : "the cause is fixed");
        timeline.Add(new TimelineEvent(mac, EventKind.Waiting, wait.Reason));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} is waiting: {Reason}; until {Until}, or until it reports")]
    private partial void LogWaiting(string node, string reason, string until);
}
