using Bootstrapper.Cluster;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Folds refusals that are alike, so that a thousand of one kind cannot push another one off a timeline, which has room for
/// some. The first is told at once; those that follow are counted, and told as a number when twice as many have come.
/// </summary>
internal sealed class Refusals(TimeProvider time)
{
    /// <summary>After that long without one, the next is told like a first.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Different ones of one machine in a window; more are told as one kind.</summary>
    internal const int MostKinds = 20;

    /// <summary>Machines in memory; a description has no more.</summary>
    private const int MostMachines = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, Dictionary<(string Asker, string What), Count>> _byMachine = [];

    /// <returns>The sentence for the timeline; <c>null</c> where it says nothing new.</returns>
    public string? Fold(MacAddress machine, string asker, string path, string reason)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_byMachine.TryGetValue(machine, out var kinds))
            {
                if (_byMachine.Count >= MostMachines)
                {
                    _byMachine.Clear();
                }

                _byMachine[machine] = kinds = [];
            }

            foreach (var old in kinds.Where(kind => now - kind.Value.Last > Window).Select(kind => kind.Key).ToList())
            {
                kinds.Remove(old);
            }

            var what = (asker, $"{path}: {reason}");
            if (!kinds.ContainsKey(what) && kinds.Count >= MostKinds)
            {
                what = ("", "requests of many kinds");
            }

            var count = kinds[what] = kinds.GetValueOrDefault(what, new Count(0, now)).Next(now);
            return count.Times == 1 ? $"denied {what.Item2}"
                : IsPowerOfTwo(count.Times) ? $"denied {what.Item2}, {count.Times} times"
                : null;
        }
    }

    private static bool IsPowerOfTwo(int number) => int.PopCount(number) == 1;

    private readonly record struct Count(int Times, DateTimeOffset Last)
    {
        public Count Next(DateTimeOffset now) => new(Times + 1, now);
    }
}
