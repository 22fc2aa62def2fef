namespace Bootstrapper.Host;

/// <summary>Lets one thing through in a span of time, such as a line of the log. Not for several threads at once.</summary>
internal sealed class OncePer(TimeSpan span, TimeProvider time)
{
    private long? _last;

    /// <returns>Whether none was let through for that long: this one is now.</returns>
    public bool TryPass()
    {
        if (_last is { } last && time.GetElapsedTime(last) < span)
        {
            return false;
        }

        _last = time.GetTimestamp();
        return true;
    }
}
