using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// The loop guard: catches machines that ask what to boot again and again, nodes and others on record, and has them wait with a
/// message on their screens. In memory only: a bootstrapper that starts again gives every machine a fresh start.
/// </summary>
internal sealed partial class BootAttempts(Timeline timeline, TimeProvider time, ILogger<BootAttempts> logger)
{
    private readonly ConcurrentDictionary<MacAddress, BootTrail> _trails = new();

    /// <summary>Why it waits because of what it went through; <c>null</c> where it does not.</summary>
    public Wait? WaitOf(MacAddress mac) => _trails.GetValueOrDefault(mac)?.WaitAt(time.GetUtcNow());

    /// <summary>
    /// What a machine waits for that cannot start a kernel and is not on record: of it nothing is remembered.
    /// </summary>
    public Wait Unstarted(string kernel) => BootTrail.Unstarted(kernel, time.GetUtcNow());

    /// <summary>Whether its loader was told to wait, and nothing else since.</summary>
    public bool WasToldToWait(MacAddress mac) => _trails.GetValueOrDefault(mac)?.ToldToWait is not null;

    /// <summary>What its loader said of it a short while ago.</summary>
    public BootHardware HardwareOf(MacAddress mac) =>
        _trails.GetValueOrDefault(mac)?.HardwareAt(time.GetUtcNow()) ?? BootHardware.Unknown;

    /// <summary>
    /// A machine asks what to boot. One that is told to wait is not told what to boot, and that does not count.
    /// </summary>
    /// <param name="wait">What it is told, if it is to wait.</param>
    public void Ask(NodeRecord machine, BootHardware hardware, Wait? wait)
    {
        var now = time.GetUtcNow();
        var before = _trails.GetValueOrDefault(machine.Mac)?.ToldToWait;
        Change(machine, trail => wait is null ? trail.Hear(hardware, now).Tell(now) : trail.Hear(hardware, now).TellToWait(wait));
        if (wait is not null && wait.Until is null && wait != before)
        {
            Note(machine, wait); // what the machine cannot boot; the other kind is noted as it begins
        }
    }

    /// <summary>A file did not arrive over TFTP.</summary>
    public void BreakOff(NodeRecord machine, string file) =>
        Change(machine, trail => trail.BreakOff(file, time.GetUtcNow()));

    /// <summary>Its loader cannot start this kernel.</summary>
    public void CannotStart(NodeRecord machine, string kernel) =>
        Change(machine, trail => trail.CannotStart(kernel, time.GetUtcNow()));

    public void GetThrough(MacAddress mac, string file)
    {
        while (_trails.TryGetValue(mac, out var trail) && !_trails.TryUpdate(mac, trail.GetThrough(file), trail))
        {
            // it changed meanwhile
        }
    }

    /// <summary>It reported, so it came somewhere: all is forgiven.</summary>
    /// <returns>Whether it was waiting.</returns>
    public bool Forget(MacAddress mac) => _trails.TryRemove(mac, out var trail) && trail.WaitAt(time.GetUtcNow()) is not null;

    private void Change(NodeRecord machine, Func<BootTrail, BootTrail> change)
    {
        if (machine.State == NodeState.Discovered)
        {
            RemoveOver(); // anybody on the network makes up as many of these as they like
        }

        var (before, now) = (WaitOf(machine.Mac), time.GetUtcNow());
        BootTrail Next(BootTrail trail) => change(trail) with { LastHeard = now };
        _trails.AddOrUpdate(machine.Mac, _ => Next(BootTrail.Empty), (_, trail) => Next(trail));
        if (before is null && WaitOf(machine.Mac) is { } wait)
        {
            Note(machine, wait);
        }
    }

    private void RemoveOver()
    {
        var now = time.GetUtcNow();
        foreach (var trail in _trails.Where(trail => trail.Value.IsOver(now)))
        {
            _trails.TryRemove(trail);
        }
    }

    private void Note(NodeRecord machine, Wait wait)
    {
        LogWaiting(machine.HostName, wait.Reason, wait.Until is { } until ? $"{until:u}" : "the cause is fixed");
        timeline.Add(new TimelineEvent(machine.Mac, EventKind.Waiting, wait.Reason));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} is waiting: {Reason}; until {Until}, or until it reports")]
    private partial void LogWaiting(string node, string reason, string until);
}
