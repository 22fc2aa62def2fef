using System.Diagnostics;

namespace Bootstrapper.Rehearsal;

/// <summary>One thing that every machine does, and what became of it.</summary>
internal sealed class Phase(string name)
{
    private readonly Lock _gate = new();
    private readonly List<float> _milliseconds = [];
    private long _first = long.MaxValue, _last;
    private int _retries, _failures;

    public string Name => name;

    /// <summary>Answers that did not come, or said to come again.</summary>
    public int Retries => _retries;

    /// <summary>How often a machine gave up, and began anew.</summary>
    public int Failures => _failures;

    public bool HasBegun => _retries > 0 || _failures > 0 || Figures().Done > 0;

    /// <summary>Processor time of each program for all of it, where machines went through it in step.</summary>
    public IReadOnlyDictionary<string, TimeSpan>? Used { get; set; }

    public static long Begin() => Stopwatch.GetTimestamp();

    /// <param name="began">As <see cref="Begin"/> gave it.</param>
    public void End(long began)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            _milliseconds.Add((float)Stopwatch.GetElapsedTime(began, now).TotalMilliseconds);
            (_first, _last) = (Math.Min(_first, began), Math.Max(_last, now));
        }
    }

    public void Retry() => Interlocked.Increment(ref _retries);

    public void Fail() => Interlocked.Increment(ref _failures);

    public PhaseFigures Figures()
    {
        lock (_gate)
        {
            var sorted = _milliseconds.Order().ToList();
            float At(int hundredths) =>
                sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, sorted.Count * hundredths / 100)];
            var seconds = sorted.Count == 0 ? 0 : Stopwatch.GetElapsedTime(_first, _last).TotalSeconds;
            return new PhaseFigures(sorted.Count, seconds > 0 ? sorted.Count / seconds : 0, At(50), At(99));
        }
    }
}

/// <param name="P50">In milliseconds, as <paramref name="P99"/>.</param>
internal sealed record PhaseFigures(int Done, double PerSecond, float P50, float P99);
