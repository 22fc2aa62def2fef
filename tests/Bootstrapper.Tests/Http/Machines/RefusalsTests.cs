using Bootstrapper.Cluster;
using Bootstrapper.Http.Machines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

public sealed class RefusalsTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("52:54:00:00:00:01", null);

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Two_thousand_refusals_that_are_alike_take_a_dozen_lines()
    {
        var refusals = new Refusals(_clock);
        var told = Enumerable.Range(0, 2400).Select(_ => refusals.Fold(Mac, "10.0.0.66", "/tls/x", "not yours")).OfType<string>();
        Assert.Equal(["denied /tls/x: not yours", "denied /tls/x: not yours, 2 times"], told.Take(2));
        Assert.Equal(12, Enumerable.Range(0, 2400).Count(_ => refusals.Fold(MacAddress.Doctor, "a", "/p", "r") is not null));
    }

    [Fact]
    public void Many_kinds_are_told_as_one_and_each_machine_has_its_own()
    {
        var refusals = new Refusals(_clock);
        var told = Enumerable.Range(0, 3000).Count(number => refusals.Fold(Mac, $"10.0.0.{number}", "/tls/x", "r") is not null);
        Assert.InRange(told, Refusals.MostKinds, Refusals.MostKinds + 12);
        Assert.NotNull(refusals.Fold(MacAddress.Doctor, "10.0.0.66", "/tls/x", "r"));
    }

    [Fact]
    public void After_a_while_the_next_is_told_like_a_first()
    {
        var refusals = new Refusals(_clock);
        Assert.NotNull(refusals.Fold(Mac, "a", "/p", "r"));
        Assert.NotNull(refusals.Fold(Mac, "a", "/p", "r"));
        Assert.Null(refusals.Fold(Mac, "a", "/p", "r"));
        _clock.Advance(Refusals.Window + TimeSpan.FromSeconds(1));
        Assert.Equal("denied /p: r", refusals.Fold(Mac, "a", "/p", "r"));
    }
}
