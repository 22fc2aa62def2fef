namespace Bootstrapper.Host;

/// <summary>How long to wait before something that failed is tried again: twice as long each time.</summary>
/// <param name="First">After the first failure.</param>
/// <param name="Most">However often it failed.</param>
internal sealed record Backoff(TimeSpan First, TimeSpan Most)
{
    /// <summary>
    /// How long it must have gone well for the failures before to be forgiven; by default they are, as soon as it went well.
    /// </summary>
    public TimeSpan ForgivenAfter { get; init; }

    /// <param name="failures">In a row, at least 1.</param>
    /// <param name="jitter">
    /// From 0 to 1: the wait is between half and all of what the failures ask for, so that not everybody asks at once.
    /// </param>
    public TimeSpan After(int failures, double jitter = 1)
    {
        var seconds = Math.Min(First.TotalSeconds * Math.Pow(2, failures - 1), Most.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (jitter / 2)));
    }

    /// <returns>Failures in a row, with one that came after it had gone well for so long.</returns>
    public int Count(int failures, TimeSpan wentWell) => wentWell >= ForgivenAfter ? 1 : failures + 1;
}
