namespace Bootstrapper.Host;

/// <summary>How often each thing happened lately: what did not happen for a while begins at one again.</summary>
/// <param name="forgottenAfter">Since it last happened.</param>
/// <param name="most">Things in memory.</param>
internal sealed class RecentCounts<TKey>(TimeSpan forgottenAfter, int most, TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Count> _counts = [];

    /// <returns>0 for what is forgotten, or never was.</returns>
    public int Of(TKey thing) =>
        _counts.TryGetValue(thing, out var count) && !IsForgotten(count) ? count.Times : 0;

    /// <returns>How often it happened with this time; <c>null</c> where there is no room for one more thing.</returns>
    public int? Add(TKey thing)
    {
        if (_counts.ContainsKey(thing) || _counts.Count < most || MakeRoom())
        {
            return AddBeyond(thing);
        }

        return null;
    }

    /// <summary>Likewise, whether there is room for it or not: for the one thing that stands for all others.</summary>
    public int AddBeyond(TKey thing)
    {
        var times = Of(thing) + 1;
        _counts[thing] = new Count(times, time.GetTimestamp());
        return times;
    }

    /// <summary>The next time it happens counts as the first.</summary>
    public void Forget(TKey thing) => _counts.Remove(thing);

    public void Clear() => _counts.Clear();

    private bool MakeRoom()
    {
        foreach (var (thing, _) in _counts.Where(count => IsForgotten(count.Value)).ToList())
        {
            _counts.Remove(thing);
        }

        return _counts.Count < most;
    }

    private bool IsForgotten(Count count) => time.GetElapsedTime(count.LastAt) >= forgottenAfter;

    private readonly record struct Count(int Times, long LastAt);
}
