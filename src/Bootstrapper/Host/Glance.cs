namespace Bootstrapper.Host;

/// <summary>
/// What many ask for and what takes time to look at: it is looked at anew once in a span at most, or after it was forgotten.
/// </summary>
/// <param name="look">Is given what was seen before, <c>null</c> at first, and keeps it where nothing is to be seen.</param>
internal sealed class Glance<T>(TimeSpan span, Func<T?, T> look, TimeProvider time)
    where T : class
{
    private readonly Lock _looking = new();
    private T? _seen;
    private long _at;
    private volatile bool _isForgotten;

    public T Now
    {
        get
        {
            lock (_looking)
            {
                if (_seen is null || _isForgotten || time.GetElapsedTime(_at) >= span)
                {
                    _isForgotten = false; // before the look: what changes meanwhile is looked at once more
                    (_seen, _at) = (look(_seen), time.GetTimestamp());
                }

                return _seen;
            }
        }
    }

    /// <summary>It has changed: whoever asks next looks.</summary>
    public void Forget() => _isForgotten = true;
}
