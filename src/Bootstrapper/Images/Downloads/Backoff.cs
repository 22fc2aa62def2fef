namespace Bootstrapper.Images.Downloads;

/// <summary>How long to wait before asking a server again: twice as long each time, and never exactly as long as everybody else.</summary>
/// <param name="First">After the first failure.</param>
/// <param name="Most">However often it failed.</param>
internal sealed record Backoff(TimeSpan First, TimeSpan Most)
{
    public static readonly Backoff Default = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <param name="failures">In a row, at least 1.</param>
    /// <param name="jitter">From 0 to 1; the wait is between half and all of what the failures ask for.</param>
    public TimeSpan After(int failures, double jitter)
    {
        var seconds = Math.Min(First.TotalSeconds * Math.Pow(2, failures - 1), Most.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (jitter / 2)));
    }
}
