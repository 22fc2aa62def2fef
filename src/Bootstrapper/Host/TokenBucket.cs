namespace Bootstrapper.Host;

/// <summary>
/// So many at once, and one more in each period after that. By the clock that runs evenly, whatever is done to the one on the
/// wall.
/// </summary>
internal sealed class TokenBucket(int burst, TimeSpan period, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filled = time.GetTimestamp();

    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filled, now) / period));
            _filled = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }

    /// <summary>What one was taken for did not come about.</summary>
    public void PutBack()
    {
        lock (_gate)
        {
            _tokens = Math.Min(burst, _tokens + 1);
        }
    }
}
