using System.Collections.Concurrent;
using System.Diagnostics;
using Bootstrapper.Host;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// A clock that breaks in the hands of work in the background, there where each asks for the time, be it in the middle of a round
/// or while it waits for one: with each kind of fault in turn. So it does where work is opened, until it has had them all.
/// Whoever else asks is told the time.
/// </summary>
internal sealed class FaultyClock(TimeProvider inner, IReadOnlyList<Func<Exception>> faults) : TimeProvider
{
    public const string Open = "OpenAsync", Wait = "WaitAsync", Round = "RoundAsync";

    /// <summary>How often each work was hit: its type, and at which of these.</summary>
    public ConcurrentDictionary<(Type Work, string At), int> Hits { get; } = new();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override DateTimeOffset GetUtcNow()
    {
        Break();
        return inner.GetUtcNow();
    }

    public override long GetTimestamp()
    {
        Break();
        return inner.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Break();
        return inner.CreateTimer(callback, state, dueTime, period);
    }

    private void Break()
    {
        foreach (var method in new StackTrace().GetFrames().Select(frame => frame.GetMethod()))
        {
            // An async method is one of a type of its own, within the type.
            var (type, name) = method?.DeclaringType is { DeclaringType: { } outer } nested
                ? (outer, nested.Name)
                : (method?.DeclaringType, method?.Name ?? "");
            if (type?.Assembly == typeof(FaultyClock).Assembly && type != typeof(FaultyClock))
            {
                return; // a test, which may run where some work in the background came to its end
            }

            if (type?.IsSubclassOf(typeof(BackgroundRounds)) == true
                && new[] { Round, Wait, Open }.FirstOrDefault(part => name.Contains(part, StringComparison.Ordinal)) is { } at)
            {
                var hits = Hits.AddOrUpdate((type, at), 1, (_, before) => before + 1);
                if (at == Open && hits > faults.Count + 1)
                {
                    return;
                }

                throw faults[hits % faults.Count]();
            }
        }
    }
}
