using System.Net;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// How long machines wait before they restart from their disk, where they cannot leave to it otherwise: one whose disk does not
/// start comes back at once, and would do so without end. By their addresses, for of most of them nothing else is on record; in
/// memory only.
/// </summary>
internal sealed class DiskRestarts(TimeProvider time)
{
    /// <summary>Of machines that are remembered.</summary>
    private const int Most = 4096;

    /// <summary>After which a machine that came back did run meanwhile.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (int Count, DateTimeOffset Last)> _machines = [];

    /// <summary>It is about to be told to restart.</summary>
    /// <returns>None the first time, and then twice as long each time, up to <see cref="Wait.Pause"/>.</returns>
    public TimeSpan Pause(IPAddress machine)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var count = _machines.TryGetValue(machine, out var before) && now - before.Last < Memory ? before.Count + 1 : 0;
            if (count == 0 && _machines.Count >= Most)
            {
                _machines.Remove(_machines.MinBy(known => known.Value.Last).Key);
            }

            _machines[machine] = (count, now);
            return count == 0 ? TimeSpan.Zero : First * Math.Min(1 << Math.Min(count - 1, 16), Wait.Pause / First);
        }
    }
}
