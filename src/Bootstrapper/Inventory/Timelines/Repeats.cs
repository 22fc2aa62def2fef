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

    /// <summary>
    /// Different ones of one machine and one asker in a window; more are told as one kind, so that nobody hides another's first.
    /// </summary>
    internal const int MostKinds = 8;

    /// <summary>Askers of one machine in a window; all others are told as one.</summary>
    internal const int MostAskers = 16;

    /// <summary>Machines in memory; a description has no more.</summary>
    private const int MostMachines = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, OfMachine> _byMachine = [];

    /// <returns>The sentence for the timeline; <c>null</c> where it says nothing new.</returns>
    public string? Fold(MacAddress machine, string asker, string what)
    {
        lock (_gate)
        {
            var ofMachine = Of(machine);
            if (ofMachine.Add(asker, what) is not { } times)
            {
                what = rest;
                times = ofMachine.AddBeyond(asker, what);
            }

            return times == 1 ? what
                : int.PopCount(times) == 1 ? $"{what}, {times} times"
                : null;
        }
    }

    private OfMachine Of(MacAddress machine)
    {
        if (_byMachine.TryGetValue(machine, out var kinds))
        {
            return kinds;
        }

        if (_byMachine.Count >= MostMachines)
        {
            _byMachine.Clear();
        }

        return _byMachine[machine] = new(time);
    }

    private sealed class OfMachine(TimeProvider time)
    {
        private readonly RecentCounts<(string Asker, string What)> _kinds = new(Window, MostAskers * MostKinds, time);

        /// <summary>How many different ones each has asked.</summary>
        private readonly RecentCounts<string> _askers = new(Window, MostAskers, time);

        /// <returns>How often it happened with this time; <c>null</c> where there is no room for one more kind.</returns>
        public int? Add(string asker, string what) =>
            _kinds.Of((asker, what)) > 0 || (_askers.Of(asker) < MostKinds && _askers.Add(asker) is not null)
                ? _kinds.AddBeyond((asker, what))
                : null;

        public int AddBeyond(string asker, string rest) => _kinds.AddBeyond((_askers.Of(asker) > 0 ? asker : "", rest));
    }
}
