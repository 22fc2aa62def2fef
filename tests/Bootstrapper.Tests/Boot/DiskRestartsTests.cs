using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Boot;

/// <summary>What brakes a machine whose disk does not start.</summary>
public sealed class DiskRestartsTests
{
    private static readonly IPAddress Machine = IPAddress.Parse("10.0.0.7");

    private readonly ManualClock _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Who_comes_back_waits_longer_each_time_up_to_a_bound()
    {
        var restarts = new DiskRestarts(_time);
        int[] expected = [0, 15, 30, 60, 120, 240, 480, 600, 600, 600];
        foreach (var seconds in expected)
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), restarts.Pause(Machine));
            _time.Advance(TimeSpan.FromMinutes(12));
        }

        Assert.Equal(TimeSpan.Zero, restarts.Pause(IPAddress.Parse("10.0.0.8")));
    }

    [Fact]
    public void Who_did_not_come_back_for_an_hour_begins_anew()
    {
        var restarts = new DiskRestarts(_time);
        restarts.Pause(Machine);
        restarts.Pause(Machine);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, restarts.Pause(Machine));
    }

    [Fact]
    public void Of_more_machines_than_it_remembers_the_oldest_is_forgotten()
    {
        var restarts = new DiskRestarts(_time);
        restarts.Pause(Machine);
        for (var number = 0; number < 5000; number++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            restarts.Pause(new IPAddress(0x0b000000 + number));
        }

        Assert.Equal(TimeSpan.Zero, restarts.Pause(Machine));
    }
}
