using System.Net;
using Bootstrapper.Host;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Slows down whoever shows tokens that are nobody's: the next one that comes from the same address, good or not, waits before it
/// is looked at, a little longer each time.
/// </summary>
internal sealed class WrongTokens(TimeProvider time)
{
    /// <summary>A mistake or two cost nothing.</summary>
    internal const int Free = 3;

    /// <summary>Whoever has so many addresses is told apart by none of them.</summary>
    internal const int MostAddresses = 10_000;

    internal static readonly TimeSpan ForgivenAfter = TimeSpan.FromMinutes(5);

    private static readonly Backoff Delays = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    private readonly Lock _gate = new();
    private readonly RecentCounts<IPAddress> _failures = new(ForgivenAfter, MostAddresses, time);
    private long _total;

    /// <summary>Since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    public Task PauseAsync(HttpContext context) =>
        DelayOf(Client.Address(context)) is { Ticks: > 0 } delay
            ? Task.Delay(delay, time, context.RequestAborted)
            : Task.CompletedTask;

    public void Note(HttpContext context) => Note(Client.Address(context));

    internal TimeSpan DelayOf(IPAddress address)
    {
        lock (_gate)
        {
            return _failures.Of(address) is > Free and var count ? Delays.After(count - Free) : TimeSpan.Zero;
        }
    }

    internal void Note(IPAddress address)
    {
        lock (_gate)
        {
            _total++;
            if (_failures.Add(address) is null)
            {
                _failures.Clear();
                _failures.Add(address);
            }
        }
    }
}
