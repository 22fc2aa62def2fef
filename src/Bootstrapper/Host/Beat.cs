namespace Bootstrapper.Host;

/// <summary>
/// The beats of the clock that runs evenly, the same for all. What has to be looked at every second is looked at in the same
/// moment: a processor that is woken up once for several lookers costs little more than for one.
/// </summary>
internal static class Beat
{
    /// <returns>How long until the next, and not less than a fourth of a span: timers may come a little early.</returns>
    public static TimeSpan UntilNext(this TimeProvider time, TimeSpan span)
    {
        var left = span.Ticks - (time.GetElapsedTime(0).Ticks % span.Ticks);
        return new(left < span.Ticks / 4 ? left + span.Ticks : left);
    }
}
