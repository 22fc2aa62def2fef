using System.Diagnostics;
using Bootstrapper.Cli;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Bench;

/// <summary>
/// Two operators who look on, over TLS: one hears every event, the other goes through the list, the latest change first, a page
/// after another.
/// </summary>
internal sealed class Onlookers : IAsyncDisposable
{
    /// <summary>A dashboard reads once a second; these are as four.</summary>
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ending = new();
    private readonly ApiClient _follower, _reader;
    private readonly List<double> _pages = [];
    private readonly Task _following, _reading;
    private int _transitions;

    public Onlookers(Bsroot bsroot, int httpsPort)
    {
        var target = new ApiTarget(
            new Uri($"https://127.0.0.1:{httpsPort}"), File.ReadAllText(bsroot.AdminToken).Trim(), bsroot.CaCertificate);
        (_follower, _reader) = (new ApiClient(target), new ApiClient(target));
        (_following, _reading) = (FollowAsync(), ReadAsync());
    }

    /// <summary>How many the follower has heard of.</summary>
    public int Transitions => Volatile.Read(ref _transitions);

    /// <summary>The slowest but one of a hundred, in milliseconds; of all pages so far.</summary>
    public double PageP99
    {
        get
        {
            lock (_pages)
            {
                return _pages.Order().ElementAtOrDefault(_pages.Count * 99 / 100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_following, _reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _follower.Dispose();
        _reader.Dispose();
        _ending.Dispose();
    }

    private async Task FollowAsync()
    {
        await foreach (var seen in _follower.EventsAsync(node: null, after: 1, _ending.Token))
        {
            if (seen.Kind == EventKind.State)
            {
                Interlocked.Increment(ref _transitions);
            }
        }
    }

    private async Task ReadAsync()
    {
        for (string? after = null; !_ending.IsCancellationRequested;)
        {
            var watch = Stopwatch.StartNew();
            var page = await _reader.GetAsync<NodePage>(
                $"/api/v1/nodes?sort=-since&limit=100{(after is null ? "" : $"&after={after}")}", _ending.Token);
            lock (_pages)
            {
                _pages.Add(watch.Elapsed.TotalMilliseconds);
            }

            after = page.Next;
            await Task.Delay(BetweenPages, _ending.Token);
        }
    }
}
