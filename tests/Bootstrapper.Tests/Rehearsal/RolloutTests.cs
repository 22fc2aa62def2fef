using Bootstrapper.Rehearsal;

namespace Bootstrapper.Tests.Rehearsal;

public sealed class RolloutTests
{
    /// <summary>1,200 machines of 1 GB each: 1.2 TB over a line that carries 941 Mbit/s.</summary>
    private static readonly Rollout Gigabit = new(
        1200,
        BytesEach: 1_000_000_000,
        ProcessorEach: TimeSpan.FromMilliseconds(50),
        ProcessorPerGigabyte: TimeSpan.FromSeconds(1),
        Processors: 2,
        LineBitsPerSecond: 1e9,
        Waiting: TimeSpan.FromMinutes(10));

    [Fact]
    public void A_slow_line_is_the_limit()
    {
        Assert.Equal(170, Gigabit.Line.TotalMinutes, tolerance: 0.1);
        Assert.Equal(180, Gigabit.Takes.TotalMinutes, tolerance: 0.1);
        Assert.Equal("the line is the limit", Gigabit.Limit);
    }

    [Fact]
    public void Behind_a_fast_line_the_processors_are()
    {
        var fast = Gigabit with { LineBitsPerSecond = 25e9 };

        Assert.Equal(10.5, fast.Processor.TotalMinutes, tolerance: 0.01); // (1,200 × 50 ms + 1,200 × 1 s) / 2
        Assert.Equal(20.5, fast.Takes.TotalMinutes, tolerance: 0.01);
        Assert.Equal("the processors are the limit", fast.Limit);
    }

    [Fact]
    public void A_few_machines_wait_for_themselves()
    {
        var few = Gigabit with { Machines = 10 };

        Assert.Equal("the machines themselves are the limit", few.Limit);
        Assert.Equal(few.Waiting + few.Line, few.Takes);
    }
}
