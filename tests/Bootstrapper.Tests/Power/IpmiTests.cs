using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>ipmitool with ipmi_sim, a BMC of Debian's that is no machine.</summary>
public sealed class IpmiTests() : BmcTest(IpmiSimulator.Password)
{
    private IpmiSimulator _simulator = null!;

    private protected override BmcSettings Settings => _simulator.Settings;

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(ExternalTools.IpmiPresent, "ipmitool and ipmi_sim are not installed");
        _simulator = await IpmiSimulator.StartAsync();
    }

    private protected override ValueTask EndAsync() => _simulator?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_machine_is_switched_on_and_off_and_told_what_to_boot()
    {
        Assert.Equal(PowerState.Off, await Bench.Bmcs().StateAsync(Node, Cancellation));
        Assert.Equal(PowerState.On, await Bench.Bmcs().SwitchAsync(Node, PowerChange.On, Cancellation));
        Assert.Equal(PowerState.On, await Bench.Bmcs().StateAsync(Node, Cancellation));
        await Bench.Bmcs().BootOnceAsync(Node, BootDevice.Network, Cancellation);
        Assert.Equal(PowerState.Off, await Bench.Bmcs().SwitchAsync(Node, PowerChange.Off, Cancellation));
        Assert.Equal(["set power 1", "set boot pxe", "set power 0"], _simulator.Told);
    }

    [Fact]
    public async Task A_cycle_of_one_that_is_off_switches_it_on() =>
        Assert.Equal(PowerState.On, await Bench.Bmcs().BootFromNetworkAsync(Node, Cancellation));

    [Fact]
    public async Task It_tells_what_the_machine_is_without_its_cards()
    {
        var facts = await Bench.Bmcs().FactsAsync(Node, Cancellation);
        Assert.Equal(
            new BmcFacts
            {
                Power = PowerState.Off,
                Manufacturer = "Contoso",
                Model = "Fabulous 3000",
                Serial = "SN-0043",
                BmcFirmware = "9.08",
                Cards = facts.Cards,
            },
            facts);
        Assert.Empty(facts.Cards);
    }

    [Fact]
    public async Task What_it_is_already_it_is_not_told_again()
    {
        await Bench.Bmcs().SwitchAsync(Node, PowerChange.Off, Cancellation);
        Assert.Empty(_simulator.Told);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_BMC_that_takes_an_order_and_does_nothing_is_told_of()
    {
        _simulator.Jam();
        Assert.Contains(
            "took the order, and 2 s later the machine is not on",
            (await Bench.FailsAsync(bmcs => bmcs.SwitchAsync(Node, PowerChange.On, Cancellation))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_from_a_BMC_that_is_not_there()
    {
        Bench.Write("bmc.password", "wrong-secret");
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(Node, Cancellation));
        Assert.Equal(PowerFailure.NotLetIn, failure.Failure);
        Assert.Equal(
            "the BMC of n1, 127.0.0.1 (ipmi): does not take the password in bmc.password for the user boot: correct either",
            failure.Message);
    }

    [Fact]
    public async Task So_is_a_user_whom_it_does_not_know() => Assert.Contains(
        "has no user nobody who may log in over the network",
        (await Bench.FailsAsync(bmcs => bmcs.StateAsync(
            Node with { Bmc = Node.Bmc! with { User = "nobody" } }, Cancellation))).Message,
        StringComparison.Ordinal);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_BMC_that_is_gone_or_hangs_is_told_of_in_time()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)); // takes what comes, and never answers
        var port = ((IPEndPoint)silent.Client.LocalEndPoint!).Port;
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(
            Node with { Bmc = Node.Bmc! with { OwnPort = port } }, Cancellation));
        Assert.Equal(PowerFailure.Silent, failure.Failure);
        Assert.Contains("does not answer: is it on", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task One_that_is_too_slow_is_given_up_and_holds_nobody_up_after_that()
    {
        _simulator.Slow(seconds: 20);
        var bmcs = Bench.Bmcs(new BmcPatience { Program = TimeSpan.FromSeconds(2) });
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.StateAsync(Node, Cancellation));
        Assert.Equal(PowerFailure.Silent, failure.Failure);
        Assert.Contains("did not end within 2 s", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(IpmiSimulator.Password, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_argument_and_no_variable_of_a_process_has_the_password()
    {
        _simulator.Slow(seconds: 2);
        var asking = Bench.Bmcs().StateAsync(Node, Cancellation);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!asking.IsCompleted)
        {
            seen.UnionWith(BmcBench.OfProcesses("cmdline").Concat(BmcBench.OfProcesses("environ")));
            await Task.Delay(20, Cancellation);
        }

        await asking;
        Assert.Contains(seen, text => text.Contains("ipmitool\0-v\0-I\0lanplus", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, text => text.Contains(IpmiSimulator.Password, StringComparison.Ordinal));
    }
}
