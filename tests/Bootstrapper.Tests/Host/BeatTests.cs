using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class BeatTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new(DateTimeOffset.MinValue);

    /// <summary>Also when the timer came a little early.</summary>
    [Theory]
    [InlineData(0, 1000)]
    [InlineData(300, 700)]
    [InlineData(751, 1249)]
    [InlineData(999, 1001)]
    public void All_wait_for_the_same_moment(int milliseconds, int left)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(TimeSpan.FromMilliseconds(left), _clock.UntilNext(Second));
    }
}
