using Bootstrapper.Cluster;
using Bootstrapper.Power;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Bootstrapper.Tests.Power;

/// <summary>Redfish with a stand-in of ours for a BMC.</summary>
public sealed class RedfishTests : RedfishTest
{
    [Fact]
    public async Task A_machine_is_switched_on_and_off_and_no_session_stays()
    {
        Assert.Equal(PowerState.Off, await Bench.Bmcs().StateAsync(Node, Cancellation));
        Assert.Equal(PowerState.On, await Bench.Bmcs().SwitchAsync(Node, PowerChange.On, Cancellation));
        Assert.Equal(PowerState.Off, await Bench.Bmcs().SwitchAsync(Node, PowerChange.Off, Cancellation));
        Assert.Equal(["On", "ForceOff"], Resets());
        Assert.Equal(0, StandIn.OpenSessions);
    }

    [Fact]
    public async Task It_boots_from_the_network_once_and_now()
    {
        StandIn.IsOn = true;
        Assert.Equal(PowerState.On, await Bench.Bmcs().BootFromNetworkAsync(Node, Cancellation));
        Assert.Equal(["ForceRestart"], Resets());
        Assert.Equal(("Once", "Pxe", "UEFI"), BootNow());
    }

    [Fact]
    public async Task It_tells_what_the_machine_is_and_which_cards_it_has()
    {
        var facts = await Bench.Bmcs().FactsAsync(Node, Cancellation);
        Assert.Equal(
            new BmcFacts
            {
                Power = PowerState.Off,
                Manufacturer = "Contoso",
                Model = "Fabulous 3000",
                Serial = "SN-0042",
                Uuid = Guid.Parse("4c4c4544-0042-3010-8052-b4c04f4e4c32"),
                Firmware = "2.19.1",
                BmcFirmware = "7.10.30",
                Health = "Warning",
                SecureBoot = "Enabled",
                Cards = facts.Cards,
            },
            facts);
        Assert.Equal(
            [new BmcCard("NIC.1", Sample.Node(1).Mac), new BmcCard("NIC.2", Sample.Node(2).Mac)], facts.Cards);
        Assert.Equal(0, StandIn.OpenSessions);
    }

    [Fact]
    public async Task A_BMC_that_has_less_tells_less()
    {
        StandIn.Instead = async context =>
        {
            if (context.Request.Path != "/redfish/v1/Systems/1")
            {
                return false;
            }

            await context.Response.WriteAsync(
                """{"PowerState": "On", "Model": "\u001b[2J", "UUID": "none", "Links": {"ManagedBy": [7]}, "Status": []}""");
            return true;
        };
        var facts = await Bench.Bmcs().FactsAsync(Node, Cancellation);
        Assert.Equal(new BmcFacts { Power = PowerState.On, Model = " [2J", Cards = facts.Cards }, facts);
    }

    [Fact]
    public async Task A_way_is_chosen_that_it_offers()
    {
        StandIn.IsOn = true;
        (StandIn.ResetTypes, StandIn.Targets) = (null, ["UefiHttp", "Hdd"]);
        await Bench.Bmcs().BootFromNetworkAsync(Node, Cancellation);
        Assert.Equal(["PowerCycle"], Resets());
        Assert.Equal(("Once", "UefiHttp", "UEFI"), BootNow());
        await Bench.Bmcs().BootOnceAsync(Node, BootDevice.Disk, Cancellation);
        Assert.Equal(("Once", "Hdd", "UEFI"), BootNow());
    }

    [Fact]
    public async Task Over_HTTP_it_is_told_the_loaders_URL_where_it_takes_one()
    {
        StandIn.Targets = ["Pxe", "UefiHttp", "Hdd"];
        var node = Node with { Bmc = Node.Bmc! with { NetworkBoot = NetworkBoot.Http } };
        await Bench.Bmcs().BootOnceAsync(node, BootDevice.Network, Cancellation);
        Assert.Equal(("Once", "UefiHttp", "UEFI"), BootNow());
        Assert.False(StandIn.Overrides.ContainsKey("HttpBootUri"));

        StandIn.Targets = ["Pxe", "Hdd"];
        Assert.Contains(
            "does not offer to boot over http once: leave network_boot out",
            (await Bench.FailsAsync(bmcs => bmcs.BootOnceAsync(node, BootDevice.Network, Cancellation))).Message,
            StringComparison.Ordinal);

        StandIn.Targets = ["UefiHttp"];
        StandIn.Overrides["HttpBootUri"] = "";
        await Bench.Bmcs().BootOnceAsync(node, BootDevice.Network, Cancellation);
        Assert.Equal($"http://10.10.10.1/boot/{node.Mac.ToHyphenated()}.efi", (string?)StandIn.Overrides["HttpBootUri"]);
    }

    [Fact]
    public async Task Where_it_offers_none_that_is_said()
    {
        (StandIn.ResetTypes, StandIn.Targets) = (["GracefulShutdown", "Nmi"], ["Usb"]);
        Assert.Contains(
            "has no way to do that: it offers GracefulShutdown, Nmi",
            (await Bench.FailsAsync(bmcs => bmcs.SwitchAsync(Node, PowerChange.On, Cancellation))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "cannot have the machine boot from the network once",
            (await Bench.FailsAsync(bmcs => bmcs.BootOnceAsync(Node, BootDevice.Network, Cancellation))).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, StandIn.OpenSessions);
    }

    [Fact]
    public async Task What_is_so_already_is_not_said_again_but_to_Supermicro()
    {
        await Bench.Bmcs().BootOnceAsync(Node, BootDevice.Disk, Cancellation);
        await Bench.Bmcs().BootOnceAsync(Node, BootDevice.Network, Cancellation);
        StandIn.Maker = "Super Micro Computer";
        await Bench.Bmcs().BootOnceAsync(Node, BootDevice.Network, Cancellation);
        Assert.Equal(
            [
                """{"Boot":{"BootSourceOverrideTarget":"Hdd","BootSourceOverrideEnabled":"Once"}}""",
                """{"Boot":{"BootSourceOverrideTarget":"Pxe"}}""",
                """{"Boot":{"BootSourceOverrideTarget":"Pxe","BootSourceOverrideEnabled":"Once","""
                    + """ "BootSourceOverrideMode":"UEFI"}}""".TrimStart(),
            ],
            StandIn.Told.Where(told => told.StartsWith("PATCH", StringComparison.Ordinal)).Select(told => told.Split(' ')[2]));
    }

    [Theory]
    [InlineData(FirmwareMode.Bios, "Legacy")]
    [InlineData(FirmwareMode.Uefi, "UEFI")]
    public async Task The_firmwares_mode_is_said_where_the_description_has_it(object mode, string said)
    {
        await Bench.Bmcs().BootOnceAsync(
            Node with { Bmc = Node.Bmc! with { FirmwareMode = (FirmwareMode)mode } }, BootDevice.Network, Cancellation);
        Assert.Equal(("Once", "Pxe", said), BootNow());
    }

    [Fact]
    public async Task A_weak_tag_that_it_does_not_take_is_given_as_a_strong_one()
    {
        StandIn.HasWeakTags = true;
        await Bench.Bmcs().BootOnceAsync(Node, BootDevice.Network, Cancellation);
        Assert.Equal(("Once", "Pxe", "UEFI"), BootNow());
    }

    [Fact]
    public async Task A_wrong_password_is_told_of_and_nobody_quotes_it()
    {
        Bench.Write("bmc.password", "wrong-secret");
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(Node, Cancellation));
        Assert.Equal(
            (PowerFailure.NotLetIn, "the BMC of n1, 127.0.0.1 (redfish): does not take the user root with the password in "
                + "bmc.password: correct either"),
            (failure.Failure, failure.Message));
    }

    [Fact]
    public async Task A_certificate_that_is_not_known_is_refused_before_the_password_is_said()
    {
        var strange = Node with { Bmc = Node.Bmc! with { Ca = null } };
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(strange, Cancellation));
        Assert.Equal(PowerFailure.Refused, failure.Failure);
        Assert.Contains("shows a certificate that is not known", failure.Message, StringComparison.Ordinal);

        await using var other = await RedfishStandIn.StartAsync();
        Bench.Write("bmc.crt", other.CertificatePem);
        await Bench.FailsAsync(bmcs => bmcs.StateAsync(Node, Cancellation));
        Assert.Equal(0, StandIn.MostAtOnce);

        var unverified = Node with { Bmc = Node.Bmc! with { Ca = null, Verify = false } };
        Assert.Equal(PowerState.Off, await Bench.Bmcs().StateAsync(unverified, Cancellation));
    }

    [Fact]
    public async Task One_that_hangs_is_given_up()
    {
        StandIn.Hangs = true;
        var bmcs = Bench.Bmcs(new BmcPatience { Answer = TimeSpan.FromSeconds(1) });
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.StateAsync(Node, Cancellation));
        Assert.Equal(PowerFailure.Silent, failure.Failure);
        Assert.Contains("did not answer within 1 s", failure.Message, StringComparison.Ordinal);

        StandIn.Hangs = false;
        Assert.Equal(PowerState.Off, await bmcs.StateAsync(Node, Cancellation));
    }

    [Fact]
    public async Task One_that_is_slow_with_everything_is_given_up_and_left_without_a_session()
    {
        StandIn.Delay = TimeSpan.FromMilliseconds(400);
        var bmcs = Bench.Bmcs(new BmcPatience { Conversation = TimeSpan.FromMilliseconds(1400) });
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.SwitchAsync(Node, PowerChange.On, Cancellation));
        Assert.Contains("is too slow", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, StandIn.OpenSessions);
    }

    [Fact]
    public async Task One_that_is_gone_is_told_of()
    {
        var gone = Node with { Bmc = Node.Bmc! with { OwnPort = FreePort.Next() } };
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(gone, Cancellation));
        Assert.Equal(PowerFailure.Silent, failure.Failure);
        Assert.Contains("does not answer: Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_cannot_send_us_elsewhere_with_its_session()
    {
        StandIn.SystemsPath = "https://192.0.2.7/redfish/v1/Systems";
        Assert.Contains(
            "names a place that is not its own",
            (await Bench.FailsAsync(bmcs => bmcs.StateAsync(Node, Cancellation))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_spoken_to_about_one_thing_at_a_time()
    {
        StandIn.Delay = TimeSpan.FromMilliseconds(20);
        var bmcs = Bench.Bmcs();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bmcs.StateAsync(Node, Cancellation)));
        Assert.Equal(1, StandIn.MostAtOnce);
    }

    [Fact]
    public async Task Who_waits_for_others_too_long_is_told_so()
    {
        StandIn.Delay = TimeSpan.FromMilliseconds(500);
        var bmcs = Bench.Bmcs(new BmcPatience { Turn = TimeSpan.FromMilliseconds(200) });
        var first = bmcs.StateAsync(Node, Cancellation);
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.StateAsync(Node, Cancellation));
        Assert.Equal(PowerFailure.Busy, failure.Failure);
        await first;
    }

    private IEnumerable<string> Resets() => StandIn.Told
        .Where(told => told.Contains("ComputerSystem.Reset", StringComparison.Ordinal))
        .Select(told => told.Split('"')[3]);

    private (string?, string?, string?) BootNow() => (
        (string?)StandIn.Overrides["BootSourceOverrideEnabled"],
        (string?)StandIn.Overrides["BootSourceOverrideTarget"],
        (string?)StandIn.Overrides["BootSourceOverrideMode"]);
}
