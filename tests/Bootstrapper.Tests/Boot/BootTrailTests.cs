using Bootstrapper.Boot;

namespace Bootstrapper.Tests.Boot;

/// <summary>When a machine is waiting, and for how long.</summary>
public sealed class BootTrailTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_fifth_time_in_ten_minutes_is_one_too_many()
    {
        Assert.Null(Told(0, 1, 2).WaitAt(At(3)));
        var hold = Told(0, 1, 2, 3).WaitAt(At(4))!;
        Assert.Equal("it was told what to boot 4 times in 10 minutes and made no progress", hold.Reason);
        Assert.Equal("Look at its screen; from 14:10 UTC on it gets an answer again", hold.Remedy);
        Assert.Equal(At(10), hold.Until);
    }

    [Fact]
    public void Who_asks_seldom_is_not_held() => Assert.Null(Told(0, 3, 6, 9, 12, 15).WaitAt(At(18)));

    [Fact]
    public void Time_lets_it_go()
    {
        Assert.NotNull(Told(0, 1, 2, 3).WaitAt(At(9.9)));
        Assert.Null(Told(0, 1, 2, 3).WaitAt(At(10)));
    }

    [Fact]
    public void A_transfer_that_broke_off_holds_until_the_same_file_gets_through_or_ten_minutes_are_over()
    {
        var trail = BootTrail.Empty.BreakOff("os/k", At(0)).GetThrough("pxelinux.0");
        Assert.Equal("os/k could not be sent to it over TFTP, it stopped answering at 14:00 UTC", trail.WaitAt(At(1))!.Reason);
        Assert.Equal(At(10), trail.WaitAt(At(1))!.Until);
        Assert.Null(trail.WaitAt(At(10)));
        Assert.Null(trail.GetThrough("os/k").WaitAt(At(1)));
    }

    private static BootTrail Told(params double[] minutes) =>
        minutes.Aggregate(BootTrail.Empty, (trail, minute) => trail.Tell(At(minute)));

    private static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);
}
