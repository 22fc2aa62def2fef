using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class RecentCountsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void What_did_not_happen_for_a_while_counts_from_one_again()
    {
        var counts = new RecentCounts<string>(Minute, most: 2, _clock);
        Assert.Equal([1, 2], [counts.Add("a"), counts.Add("a")]);
        _clock.Advance(Minute / 2);
        Assert.Equal(3, counts.Add("a"));
        _clock.Advance(Minute);
        Assert.Equal(0, counts.Of("a"));
        Assert.Equal(1, counts.Add("a"));
    }

    [Fact]
    public void What_is_forgotten_counts_from_one_again()
    {
        var counts = new RecentCounts<string>(Minute, most: 2, _clock);
        counts.Add("a");
        counts.Forget("a");
        Assert.Equal((0, 1), (counts.Of("a"), counts.Add("a")));
    }

    [Fact]
    public void Where_there_is_no_room_a_new_thing_takes_that_of_a_forgotten_one_and_of_no_other()
    {
        var counts = new RecentCounts<string>(Minute, most: 2, _clock);
        counts.Add("again");
        counts.Add("once");
        _clock.Advance(Minute / 2);
        Assert.Equal(2, counts.Add("again"));
        Assert.Null(counts.Add("third"));
        _clock.Advance(Minute / 2);
        Assert.Equal(1, counts.Add("third"));
        Assert.Equal((2, 0), (counts.Of("again"), counts.Of("once")));
    }
}
