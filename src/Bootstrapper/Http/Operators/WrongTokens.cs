using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<IPAddress, Failures> _failures = new();
    private long _total;

    /// <summary>Since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    internal int Addresses => _failures.Count;

    public Task PauseAsync(HttpContext context) =>
        DelayOf(Client.Address(context)) is { Ticks: > 0 } delay
            ? Task.Delay(delay, time, context.RequestAborted)
            : Task.CompletedTask;

    public void Note(HttpContext context) => Note(Client.Address(context));

    internal TimeSpan DelayOf(IPAddress address) =>
        _failures.TryGetValue(address, out var failures) && !IsForgiven(failures) && failures.Count > Free
            ? Delays.After(failures.Count - Free)
            : TimeSpan.Zero;

    internal void Note(IPAddress address)
    {
        Interlocked.Increment(ref _total);
        if (_failures.Count >= MostAddresses)
        {
            _failures.Clear();
        }

        _failures.AddOrUpdate(
            address,
            _ => new Failures(1, time.GetTimestamp()),
            (_, before) => new Failures(IsForgiven(before) ? 1 : before.Count + 1, time.GetTimestamp()));
    }

    private bool IsForgiven(Failures failures) => time.GetElapsedTime(failures.LastAt) >= ForgivenAfter;

    private readonly record struct Failures(int Count, long LastAt);
}
