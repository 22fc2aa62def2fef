using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

public sealed class RepeatsTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("52:54:00:00:00:01", null);

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private readonly Repeats _repeats;

    public RepeatsTests() => _repeats = new Repeats("denied requests of many kinds", _clock);

    [Fact]
    public void Two_thousand_refusals_that_are_alike_take_a_dozen_lines()
    {
        var told = Enumerable.Range(0, 2400).Select(_ => _repeats.Fold(Mac, "10.0.0.66", "denied /tls/x")).OfType<string>();
        Assert.Equal(["denied /tls/x", "denied /tls/x, 2 times"], told.Take(2));
        Assert.Equal(12, Enumerable.Range(0, 2400).Count(_ => _repeats.Fold(MacAddress.Doctor, "a", "/p") is not null));
    }

    [Fact]
    public void Many_kinds_are_told_as_one_and_each_machine_has_its_own()
    {
        var told = Enumerable.Range(0, 3000).Select(number => _repeats.Fold(Mac, $"10.0.0.{number}", "/tls/x"))
            .OfType<string>().ToList();
        Assert.InRange(told.Count, Repeats.MostAskers, Repeats.MostAskers + 12);
        Assert.Equal("denied requests of many kinds", told[Repeats.MostAskers]);
        Assert.Equal("/tls/x", _repeats.Fold(MacAddress.Doctor, "10.0.0.66", "/tls/x"));
    }

    [Fact]
    public void Nobody_hides_what_another_asks_for_the_first_time()
    {
        var told = Enumerable.Range(0, 3000).Select(number => _repeats.Fold(Mac, "10.0.0.66", $"/tls/{number}"))
            .OfType<string>().ToList();
        Assert.InRange(told.Count, Repeats.MostKinds, Repeats.MostKinds + 12);
        Assert.Equal("/tls/x", _repeats.Fold(Mac, "10.0.0.73", "/tls/x"));
    }

    [Fact]
    public void After_a_while_the_next_is_told_like_a_first()
    {
        Assert.NotNull(_repeats.Fold(Mac, "a", "/p"));
        Assert.NotNull(_repeats.Fold(Mac, "a", "/p"));
        Assert.Null(_repeats.Fold(Mac, "a", "/p"));
        _clock.Advance(Repeats.Window + TimeSpan.FromSeconds(1));
        Assert.Equal("/p", _repeats.Fold(Mac, "a", "/p"));
    }
}
