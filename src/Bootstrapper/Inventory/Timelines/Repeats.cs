using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// Folds what is alike, so that a thousand of one kind cannot push another one off a timeline, which has room for some. The
/// first is told at once; those that follow are counted, and told as a number when twice as many have come.
/// </summary>
/// <param name="rest">What stands for all kinds for which there is no room.</param>
internal sealed class Repeats(string rest, TimeProvider time)
{
    /// <summary>After that long without one, the next is told like a first.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Different ones of one machine in a window; more are told as one kind.</summary>
    internal const int MostKinds = 20;

    /// <summary>Machines in memory; a description has no more.</summary>
    private const int MostMachines = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, RecentCounts<(string Asker, string What)>> _byMachine = [];

    /// <returns>The sentence for the timeline; <c>null</c> where it says nothing new.</returns>
    public string? Fold(MacAddress machine, string asker, string what)
    {
        lock (_gate)
        {
            var kinds = KindsOf(machine);
            if (kinds.Add((asker, what)) is not { } times)
            {
                what = rest;
                times = kinds.AddBeyond(("", what));
            }

            return times == 1 ? what
                : int.PopCount(times) == 1 ? $"{what}, {times} times"
                : null;
        }
    }

    private RecentCounts<(string Asker, string What)> KindsOf(MacAddress machine)
    {
        if (_byMachine.TryGetValue(machine, out var kinds))
        {
            return kinds;
        }

        if (_byMachine.Count >= MostMachines)
        {
            _byMachine.Clear();
        }

        return _byMachine[machine] = new(Window, MostKinds, time);
    }
}
