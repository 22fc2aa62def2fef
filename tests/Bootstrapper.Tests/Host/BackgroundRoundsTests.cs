using Bootstrapper.Host;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Host;

public sealed class BackgroundRoundsTests
{
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly BackgroundHealth _health = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_fails_is_shown_until_a_round_goes_well()
    {
        using var rounds = new Counting(_health, _clock) { Round = () => throw new AggregateException("several") };
        await rounds.StartAsync(Cancellation);

        await RoundsAsync(rounds, 1);
        await Eventually.True(() => _health.Failing is [{ Key: "counting", Value: "several" }]);
        rounds.Round = () => { };
        await RoundsAsync(rounds, rounds.Rounds + 2);

        await Eventually.True(() => _health.Failing.Count == 0);
        await rounds.StopAsync(Cancellation);
        Assert.True(rounds.IsClosed);
    }

    [Fact]
    public async Task What_fails_before_the_first_round_keeps_nothing_from_starting_and_is_tried_until_it_goes_well()
    {
        var tries = 0;
        using var rounds = new Counting(_health, _clock)
        {
            Open = () => _ = ++tries < 3 ? throw new InvalidOperationException("at the start") : 0,
        };
        await rounds.StartAsync(Cancellation);
        Assert.Equal(["at the start"], _health.Failing.Select(work => work.Value));

        await RoundsAsync(rounds, 2);

        Assert.Equal(3, tries);
        await Eventually.True(() => _health.Failing.Count == 0);
        await rounds.StopAsync(Cancellation);
    }

    [Fact]
    public async Task The_longer_it_fails_the_less_often_it_is_tried()
    {
        using var rounds = new Counting(_health, _clock) { Round = () => throw new IOException("full") };
        await rounds.StartAsync(Cancellation);
        await RoundsAsync(rounds, 10);
        await Eventually.True(() => _clock.Waiting == 1);

        var before = rounds.Rounds;
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((before, 1), (rounds.Rounds, _clock.Waiting));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.True(() => rounds.Rounds == before + 1);

        await rounds.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_rings_is_looked_at_at_once_and_what_rings_during_a_round_in_the_next()
    {
        using var rounds = new Counting(_health, _clock) { Bell = new Bell() };
        rounds.Round = () =>
        {
            if (rounds.Rounds == 1)
            {
                rounds.Bell!.Ring();
            }
        };
        await rounds.StartAsync(Cancellation);
        rounds.Bell.Ring();
        await Eventually.True(() => rounds.Rounds == 2 && _clock.Waiting == 1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.True(() => rounds.Rounds == 3 && _clock.Waiting == 1);
        await rounds.StopAsync(Cancellation);
        Assert.Empty(_health.Failing);
        Assert.Equal(0, _clock.Waiting);
    }

    private Task RoundsAsync(Counting rounds, int count) => Eventually.True(() =>
    {
        if (rounds.Rounds < count)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        return rounds.Rounds >= count;
    });

    private sealed class Counting(BackgroundHealth health, TimeProvider time)
        : BackgroundRounds("counting", health, time, NullLogger.Instance)
    {
        private int _rounds;

        public Action Open { get; init; } = () => { };

        public Bell? Bell { get; init; }

        public Action Round { get; set; } = () => { };

        public int Rounds => Volatile.Read(ref _rounds);

        public bool IsClosed { get; private set; }

        protected override Task OpenAsync(CancellationToken cancellation)
        {
            Open();
            return Task.CompletedTask;
        }

        protected override Task WaitAsync(CancellationToken stopping) => Bell is null
            ? DelayAsync(TimeSpan.FromSeconds(1), stopping)
            : DelayAsync(TimeSpan.FromSeconds(1), Bell, stopping);

        protected override Task RoundAsync(CancellationToken stopping)
        {
            Interlocked.Increment(ref _rounds);
            Round();
            return Task.CompletedTask;
        }

        protected override Task CloseAsync()
        {
            IsClosed = true;
            return Task.CompletedTask;
        }
    }
}
