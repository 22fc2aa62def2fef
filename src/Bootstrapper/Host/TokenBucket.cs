using System.Diagnostics.CodeAnalysis;

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

    /// <summary>Takes one for work that may fail: what did not come about is not counted.</summary>
    /// <returns>Whether there was one, and the work was done.</returns>
    public bool TrySpend<T>(Func<T> work, [MaybeNullWhen(false)] out T done)
    {
        if (!TryTake())
        {
            done = default;
            return false;
        }

        try
        {
            done = work();
            return true;
        }
        catch
        {
            PutBack();
            throw;
        }
    }

    private void PutBack()
    {
        lock (_gate)
        {
            _tokens = Math.Min(burst, _tokens + 1);
        }
    }
}
