using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(10_000, 30)]
    public void Waits_double_up_to_the_most(int failures, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures));
        Assert.Equal(TimeSpan.FromSeconds(seconds) / 2, Backoff.After(failures, jitter: 0));
    }

    [Fact]
    public void What_went_well_for_long_forgives_earlier_failures_and_what_did_not_does_not()
    {
        var backoff = Backoff with { ForgivenAfter = TimeSpan.FromMinutes(5) };
        Assert.Equal(10, backoff.Count(failures: 9, wentWell: TimeSpan.FromMinutes(4.9)));
        Assert.Equal(1, backoff.Count(failures: 9, wentWell: TimeSpan.FromMinutes(5)));
    }
}
