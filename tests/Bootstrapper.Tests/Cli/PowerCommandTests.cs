using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>Power by command, over the API: n1 has a BMC with Redfish, n2 one with IPMI, n3 none.</summary>
[Trait("Category", "Slow")]
public sealed class PowerCommandTests : IAsyncLifetime
{
    private PowerRack _rack = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rack = await PowerRack.StartAsync();

    public ValueTask DisposeAsync() => _rack?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Machines_are_switched_on_and_off_and_asked_how_they_are()
    {
        Assert.Equal("NAME  POWER\nn1    off\nn2    off\n", await _rack.GoodAsync("node", "power", "status", "n1", "n2"));
        Assert.Equal(
            "NAME  POWER\nn2    on\nn1    on\n",
            await _rack.GoodAsync("node", "power", "on", "n2", "n1", "--yes", "--reason", "a test"));
        Assert.True(_rack.Redfish.IsOn);
        Assert.Equal("n1  off\n", await _rack.GoodAsync("node", "power", "off", "n1", "--no-headers"));
        Assert.Equal(
            [(EventKind.Power, "power on: it is on: a test"), (EventKind.Power, "power off: it is off")],
            _rack.Daemon.Part<Timeline>().Of(Sample.Node(1).Mac).Where(seen => seen.Kind == EventKind.Power)
                .Select(seen => (seen.Kind, seen.Text)));
    }

    [Fact]
    public async Task What_they_boot_once_is_said_and_that_it_is_once()
    {
        Assert.Equal(
            "NAME  NEXT-BOOT\nn1    network\nn2    network\n",
            await _rack.GoodAsync("node", "boot", "network", "n1", "n2", "--once", "--yes"));
        Assert.Equal(("Once", "Pxe"), (
            (string?)_rack.Redfish.Overrides["BootSourceOverrideEnabled"],
            (string?)_rack.Redfish.Overrides["BootSourceOverrideTarget"]));
        Assert.Contains("set boot pxe", _rack.Ipmi.Told);
        Assert.Equal(ExitCode.Usage, (await _rack.RunAsync("node", "boot", "network", "n1")).ExitCode);
    }

    [Fact]
    public async Task What_machines_are_is_told_by_their_BMCs()
    {
        Assert.Equal(
            """
            NAME  POWER  HEALTH   MODEL                  SERIAL   FIRMWARE  CARDS
            n1    off    Warning  Contoso Fabulous 3000  SN-0042  2.19.1    52:54:00:00:00:01,52:54:00:00:00:02
            n2    off    -        Contoso Fabulous 3000  SN-0043  -         -

            """,
            await _rack.GoodAsync("node", "hardware", "-l", "rack=a4"));
        Assert.Equal(ExitCode.InvalidInput, (await _rack.RunAsync("node", "hardware", "n3")).ExitCode);
    }

    [Fact]
    public async Task A_machine_without_a_BMC_is_woken_by_its_network_card()
    {
        Assert.Equal(
            "n3  52:54:00:00:00:03\n",
            await _rack.GoodAsync("node", "wake", "n3", "--no-headers", "--reason", "a test"));
        Assert.Equal(
            "wake on LAN: a packet was sent to 52:54:00:00:00:03: a test",
            _rack.Daemon.Part<Timeline>().Of(Sample.Node(3).Mac)[^1].Text);
    }

    [Fact]
    public async Task One_that_fails_keeps_no_other_from_being_shown()
    {
        var (exitCode, output, error) = await _rack.RunAsync("node", "power", "status", "n3", "n1");
        Assert.Equal((ExitCode.InvalidInput, "NAME  POWER\nn1    off\n"), (exitCode, output));
        Assert.Equal(
            "error: the description does not say how to speak to the BMC of n3: write bmc with address, protocol, user and "
                + "password_file\n",
            error);
        Assert.Equal(ExitCode.MissingInput, (await _rack.RunAsync("node", "power", "on", "nobody")).ExitCode);
    }

    [Fact]
    public async Task A_BMC_that_refuses_is_told_of_in_one_line_and_on_the_timeline()
    {
        Bsroot.Write(_rack.Daemon.Bsroot.At("bmc.password"), "wrong-secret", Bsroot.SecretFile);
        var (exitCode, _, error) = await _rack.RunAsync("node", "power", "cycle", "n1");
        const string why = "the BMC of n1, 127.0.0.1 (redfish): does not take the user root with the password in bmc.password: "
            + "correct either";
        Assert.Equal((ExitCode.Unavailable, $"error: {why}\n"), (exitCode, error));
        Assert.Equal($"power cycle: failed: {why}", _rack.Daemon.Part<Timeline>().Of(Sample.Node(1).Mac)[^1].Text);
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("n2")]
    public async Task A_reinstall_now_arms_it_has_it_boot_from_the_network_once_and_restarts_it(string node)
    {
        await _rack.GoodAsync("node", "power", "on", node);
        await _rack.GoodAsync("node", "state", node, "--state", "running");
        var said = await _rack.GoodAsync("node", "reinstall", node, "--now", "--reason", "new disk");
        Assert.Contains("configured,armed", said, StringComparison.Ordinal);
        var timeline = _rack.Daemon.Part<Timeline>().Of(Sample.Node(node == "n1" ? 1 : 2).Mac);
        Assert.Equal(
            "power cycle, from the network once: its BMC took the order, and it is on: new disk", timeline[^1].Text);
        Assert.Equal(NodeState.Configured, timeline[^2].Entered);
        Assert.Contains(
            node == "n1"
                ? """POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {"ResetType":"ForceRestart"}"""
                : "set boot pxe",
            node == "n1" ? _rack.Redfish.Told : _rack.Ipmi.Told);
        await Eventually.True(async () => (await _rack.Daemon.Part<AuditHistory>().ReadAsync(null, null, 10, Cancellation))!.Items
            .Any(entry => entry.Subject == $"{node}: power cycle, from the network once: new disk" && entry.Author == "admin"));
    }

    [Fact]
    public async Task Where_the_BMC_cannot_be_spoken_to_nothing_is_armed()
    {
        await _rack.GoodAsync("node", "state", "n1", "--state", "running");
        Bsroot.Write(_rack.Daemon.Bsroot.At("bmc.password"), "wrong-secret", Bsroot.SecretFile);
        var (exitCode, _, error) = await _rack.RunAsync("node", "reinstall", "n1", "--now");
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.StartsWith("error: nothing was changed: the BMC of n1", error, StringComparison.Ordinal);
        Assert.Equal(NodeState.Running, _rack.Daemon.Part<NodeInventory>().Find(Sample.Node(1).Mac)!.State);
    }

    [Fact]
    public async Task What_is_refused_restarts_nothing()
    {
        await _rack.GoodAsync("node", "power", "on", "n1");
        await _rack.GoodAsync("node", "hold", "n1");
        Assert.Contains("on hold", (await _rack.RunAsync("node", "reinstall", "n1", "--now")).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_rack.Redfish.Told, told => told.Contains("ForceRestart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_administrators_change_anything()
    {
        const string token = "otto-has-a-long-enough-token";
        Assert.Equal(ExitCode.Success, (await _rack.RunAsync("node", "power", "status", "n1", "--token", token)).ExitCode);
        foreach (var command in new[]
        {
            "node power on n1", "node power off n1", "node power cycle n1", "node boot disk n1 --once",
            "node wake n1", "node reinstall n1 --now",
        })
        {
            Assert.Equal(ExitCode.NoPermission, (await _rack.RunAsync([.. command.Split(' '), "--token", token])).ExitCode);
        }

        Assert.DoesNotContain(_rack.Redfish.Told, told => !told.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_password_is_in_a_log_an_answer_or_a_file_but_its_own()
    {
        await _rack.GoodAsync("node", "reinstall", "n1", "--now");
        await _rack.GoodAsync("node", "reinstall", "n2", "--now");
        Bsroot.Write(_rack.Daemon.Bsroot.At("bmc/ipmi.password"), $"{IpmiSimulator.Password}x", Bsroot.SecretFile);
        await _rack.RunAsync("node", "power", "on", "n2");
        using var admin = await _rack.Daemon.OperatorAsync();
        string[] answers =
        [
            await admin.GetStringAsync("/api/v1/nodes", Cancellation),
            await admin.GetStringAsync("/api/v1/nodes/n1/configs", Cancellation),
            await admin.GetStringAsync("/api/v1/nodes/n2/configs", Cancellation),
            await admin.GetStringAsync("/api/v1/nodes/n2/timeline", Cancellation),
            await admin.GetStringAsync("/api/v1/audit", Cancellation),
        ];
        string[] own = [_rack.Daemon.Bsroot.At("bmc.password"), _rack.Daemon.Bsroot.At("bmc/ipmi.password")];
        var files = Directory.EnumerateFiles(_rack.Daemon.Bsroot.Root, "*", SearchOption.AllDirectories).Except(own)
            .Select(file => File.ReadAllText(file));
        Assert.All(
            answers.Concat(files).Concat(_rack.Daemon.Log.Lines),
            text => Assert.False(text.Contains(IpmiSimulator.Password, StringComparison.Ordinal)
                || text.Contains(RedfishStandIn.Password, StringComparison.Ordinal)));
        Assert.DoesNotContain("password", JsonDocument.Parse(answers[0]).RootElement.GetRawText(), StringComparison.Ordinal);
    }
}
