using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Tests.Images;

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
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures, jitter: 1));
        Assert.Equal(TimeSpan.FromSeconds(seconds) / 2, Backoff.After(failures, jitter: 0));
    }
}
