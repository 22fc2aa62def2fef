using Bootstrapper.Cluster;
using Bootstrapper.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>Who asks in passing whether a machine is on, and how often its BMC is asked for that.</summary>
public sealed class PowerLooksTests : RedfishTest
{
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task However_many_ask_its_BMC_is_asked_once()
    {
        var (looks, node) = (Looks(), Node);
        var seen = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => looks.LookAsync(node, Cancellation)));
        Assert.All(seen, look => Assert.Equal(PowerState.Off, look!.State));
        Assert.Equal(1, StandIn.Logins);
    }

    [Fact]
    public async Task What_was_seen_is_forgotten_after_a_while_and_when_it_was_switched()
    {
        var (looks, node) = (Looks(), Node);
        await looks.LookAsync(node, Cancellation);
        StandIn.IsOn = true;
        Assert.Equal(PowerState.Off, (await looks.LookAsync(node, Cancellation))!.State);
        looks.Forget(node.Mac);
        Assert.Equal(PowerState.On, (await looks.LookAsync(node, Cancellation))!.State);
        StandIn.IsOn = false;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(PowerState.Off, (await looks.LookAsync(node, Cancellation))!.State);
    }

    [Fact]
    public async Task Another_description_of_it_asks_anew()
    {
        var (looks, node) = (Looks(), Node);
        await looks.LookAsync(node, Cancellation);
        var other = node with { Bmc = node.Bmc! with { PasswordFile = "bmc/other.password" } };
        Assert.Equal(PowerFailure.NotDescribed, (await looks.LookAsync(other, Cancellation))!.Failure);
    }

    [Fact]
    public async Task One_that_hangs_is_waited_for_no_longer_than_a_moment_and_not_asked_twice()
    {
        StandIn.Hangs = true;
        var node = Node;
        var looks = new PowerLooks(
            Bench.Bmcs(new BmcPatience { Answer = TimeSpan.FromSeconds(3) }),
            new BmcPatience { Glance = TimeSpan.FromMilliseconds(300) },
            TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            var look = await looks.LookAsync(node, Cancellation);
            Assert.Equal(PowerFailure.Silent, look!.Failure);
            Assert.Equal("the BMC of n1, 127.0.0.1 (redfish) did not say within 0 s whether the machine is on", look.Message);
        }

        await Eventually.True(async () => (await looks.LookAsync(node, Cancellation))!.Message!
            .EndsWith("did not answer within 3 s: is it on, and at this address?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_speaks_to_it_nothing_is_known() =>
        Assert.Null(await Looks().LookAsync(Node with { Bmc = Node.Bmc! with { Protocol = null } }, Cancellation));

    private PowerLooks Looks() => new(Bench.Bmcs(), new BmcPatience(), _clock);
}
