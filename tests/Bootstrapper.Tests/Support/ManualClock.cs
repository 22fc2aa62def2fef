namespace Bootstrapper.Tests.Support;

/// <summary>
/// A clock that stands still until a test moves it; timers that come due meanwhile fire then, on the test's thread.
/// </summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TimeSpan _stepped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait for this clock: what shows that a loop has come to rest.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return (_now - _stepped).Ticks;
        }
    }

    /// <summary>Somebody sets the clock on the wall; no time goes by.</summary>
    public void Step(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
            _stepped += by;
            _timers.ForEach(timer => timer.DueAt += by);
        }
    }

    public void Advance(TimeSpan by)
    {
        foreach (var timer in Due(by))
        {
            timer.Fire();
        }
    }

    /// <remarks>Only what waits once is made here: Task.Delay does no more.</remarks>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private List<ManualTimer> Due(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
            var due = _timers.FindAll(timer => timer.DueAt <= _now);
            _timers.RemoveAll(due.Contains);
            return due;
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueAt = clock._now + dueTime;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
