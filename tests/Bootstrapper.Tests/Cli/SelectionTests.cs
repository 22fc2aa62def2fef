using Bootstrapper.Cli;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Inventory;
using Bootstrapper.Tests.Power;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>Commands for several machines: how they are chosen, what is asked first, and waves.</summary>
[Trait("Category", "Slow")]
public sealed class SelectionTests : IAsyncLifetime
{
    private PowerRack _rack = null!;

    public async ValueTask InitializeAsync() => _rack = await PowerRack.StartAsync();

    public ValueTask DisposeAsync() => _rack?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Machines_are_chosen_by_label_state_and_profile()
    {
        Assert.Equal("NAME  POWER\nn1    off\nn2    off\n", await _rack.GoodAsync("node", "power", "status", "-l", "rack=a4"));
        Assert.Equal("n1  off\n", await _rack.GoodAsync("node", "power", "status", "n1", "52:54:00:00:00:01", "--no-headers"));
        Assert.Equal(ExitCode.MissingInput, (await _rack.RunAsync("node", "power", "status", "--state", "failed")).ExitCode);
        Assert.Equal(ExitCode.MissingInput, (await _rack.RunAsync("node", "power", "status", "--profile", "nobody")).ExitCode);
        await _rack.GoodAsync("node", "power", "on", "--label", "rack=a4", "--state", "configured", "--yes");
        Assert.True(_rack.Redfish.IsOn);
        Assert.Equal(["set power 1"], _rack.Ipmi.Told);
    }

    [Theory]
    [InlineData("needs machines", "node", "power", "off")]
    [InlineData("--label is empty", "node", "power", "off", "-l", "", "--yes")]
    [InlineData("--label is empty", "node", "reinstall", "-l", ",", "--yes")]
    [InlineData("--state is empty", "node", "reinstall", "--state", " ", "--yes")]
    [InlineData("and not by both", "node", "power", "off", "n1", "-l", "rack=a4", "--yes")]
    [InlineData("expected name=value, got rack", "node", "power", "off", "-l", "rack", "--yes")]
    [InlineData("invalid state: expected", "node", "power", "off", "--state", "flying", "--yes")]
    [InlineData("--at-most needs --now", "node", "reinstall", "-l", "rack=a4", "--at-most", "2", "--yes")]
    [InlineData("invalid --at-most: expected 1 to 32, got 0", "node", "reinstall", "n1", "--now", "--at-most", "0")]
    [InlineData("invalid --timeout: expected 1 to 1440, got 0", "node", "reinstall", "n1", "--now", "--timeout", "0")]
    [InlineData("invalid --for: expected state= and discovered,", "node", "wait", "n1", "--for", "running")]
    [InlineData("got 'state=running,flying'", "node", "wait", "n1", "--for", "state=running,flying")]
    [InlineData(
        "invalid --timeout: expected 1 to 1440, got 1441", "node", "wait", "n1", "--for", "state=running", "--timeout", "1441")]
    public async Task What_is_unclear_is_refused(string why, params string[] command)
    {
        var (exitCode, _, error) = await _rack.RunAsync(command);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Empty(_rack.Redfish.Told);
    }

    [Theory]
    [InlineData("node power off n1 n2", "These are switched off at once, as if their cables were pulled")]
    [InlineData("node power cycle -l rack=a4", "These are switched off and on again at once")]
    [InlineData("node boot network --state configured -l rack=a4 --once", "These boot from the network the next time")]
    [InlineData("node reinstall -l rack=a4", "These are installed again when they next boot from the network")]
    [InlineData("node reinstall -l rack=a4 --now --wipe", "after a restart at once, all together, and disks with foreign data")]
    [InlineData("node reinstall n1 n2 --now --at-most 1", "These are installed again, 1 at a time, after a restart")]
    public async Task Where_nobody_can_be_asked_several_are_left_alone(string command, string what)
    {
        var (exitCode, output, error) = await _rack.RunAsync(command.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (exitCode, output));
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Contains(": 2 machines (2 configured): n1, n2\n", error, StringComparison.Ordinal);
        Assert.Contains(
            "error: nothing was done: there is no terminal to ask at; --yes does it without\nsee: bootstrapper node ",
            error,
            StringComparison.Ordinal);
        Assert.Empty(_rack.Ipmi.Told);
        Assert.All(_rack.Daemon.Part<NodeInventory>().Records, record => Assert.False(record.Armed));
    }

    [Theory]
    [InlineData("n", "nothing was done", 1)]
    [InlineData("y", "n2    on", 0)]
    public async Task Who_sits_at_a_terminal_is_asked(string answer, string comes, int exitCode)
    {
        var screen = await new Screen("100x24", new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.GetDirectoryName(RunningProgram.FileName)}:/usr/bin:/bin",
            ["HOME"] = "/nonexistent",
            ["LANG"] = "C.UTF-8",
            ["SHELL"] = "/bin/sh",
            ["BOOTSTRAPPER_CONFIG"] = _rack.Config,
        }).ShowAsync("bootstrapper node power on -l rack=a4", until: "Go on? [y/N]", answer, "Enter");
        Assert.Contains("These are switched on: 2 machines (2 configured): n1, n2\n", screen, StringComparison.Ordinal);
        Assert.Contains(comes, screen, StringComparison.Ordinal);
        Assert.EndsWith($"[exit {exitCode}]", screen, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0, _rack.Redfish.IsOn);
    }

    [Fact]
    public async Task A_wave_begins_the_next_when_one_is_running()
    {
        await RunsAsync("n1", "n2");
        var wave = _rack.RunAsync(
            "node", "reinstall", "-l", "rack=a4", "--now", "--at-most", "1", "--yes", "--reason", "new kernel");
        await Eventually.True(() => IsArmed(1));
        Assert.DoesNotContain("set boot pxe", _rack.Ipmi.Told);
        await RunsAsync("n1");
        await Eventually.True(() => IsArmed(2));
        await RunsAsync("n2");
        var (exitCode, output, error) = await wave;
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(
            """
            n1: restarted, to be installed
            n1: running (1 of 2)
            n2: restarted, to be installed
            n2: running (2 of 2)

            """,
            error);
        Assert.Matches("NAME +STATE.*\nn1 +running.*\nn2 +running", output);
        Assert.Contains("set boot pxe", _rack.Ipmi.Told);
    }

    [Fact]
    public async Task A_wave_stops_at_the_first_that_fails_and_says_where()
    {
        await RunsAsync("n1", "n2");
        var wave = _rack.RunAsync("node", "reinstall", "-l", "rack=a4", "--now", "--at-most", "1", "--yes");
        await Eventually.True(() => IsArmed(1));
        await _rack.GoodAsync("node", "hold", "n1");
        var (exitCode, output, error) = await wave;
        Assert.EndsWith("error: stopped at n1: somebody holds it; not begun: n2\n", error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Unavailable, ""), (exitCode, output));
        Assert.False(IsArmed(2));
    }

    [Theory]
    [InlineData("n1 n2 n3", "error: nothing was begun: the description does not say how to speak to the BMC of n3")]
    [InlineData("n1 n2", "error: nothing was begun: the BMC of n2, 127.0.0.1 (ipmi): does not take the password")]
    public async Task What_would_stop_a_wave_halfway_is_known_before_it_begins(string machines, string why)
    {
        var password = machines == "n1 n2" ? "wrong" : IpmiSimulator.Password;
        Bsroot.Write(_rack.Daemon.Bsroot.At("bmc/ipmi.password"), password, Bsroot.SecretFile);
        var (_, _, error) = await _rack.RunAsync(
            ["node", "reinstall", .. machines.Split(' '), "--now", "--at-most", "1", "--yes"]);
        Assert.StartsWith(why, error, StringComparison.Ordinal);
        Assert.False(IsArmed(1));
    }

    [Fact]
    public async Task Why_says_what_the_BMC_says()
    {
        Assert.Contains("switched-off: it is switched off, as its BMC says", await _rack.GoodAsync("node", "why", "n1"));
        await _rack.GoodAsync("node", "power", "on", "n1");
        Assert.DoesNotContain("switched-off", await _rack.GoodAsync("node", "why", "n1"));
        Bsroot.Write(_rack.Daemon.Bsroot.At("bmc/ipmi.password"), "wrong", Bsroot.SecretFile);
        Assert.Contains(
            "bmc-login: its BMC refuses the user or the password: the BMC of n2, 127.0.0.1 (ipmi): does not take",
            await _rack.GoodAsync("node", "why", "n2"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "bmc-",
            await _rack.GoodAsync("node", "why", "n2", "--token", "vera-has-a-long-enough-token"),
            StringComparison.Ordinal);
    }

    private bool IsArmed(int number) => _rack.Daemon.Part<NodeInventory>().Find(Sample.Node(number).Mac) is { Armed: true };

    [Fact]
    public async Task A_script_waits_until_machines_run_and_is_told_of_each()
    {
        var waiting = _rack.RunAsync("node", "wait", "-l", "rack=a4", "--for", "state=installed,running");
        await RunsAsync("n2");
        Assert.Equal("n2: running\n", await _rack.GoodAsync("node", "wait", "n2", "--for", "state=running"));
        Assert.False(waiting.IsCompleted);
        await RunsAsync("n1");
        var (exitCode, output, error) = await waiting;
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Equal(["n1: running", "n2: running"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Nothing_more_is_waited_for_when_one_has_failed()
    {
        var waiting = _rack.RunAsync("node", "wait", "n1", "n2", "--for", "state=running", "--timeout", "5");
        var node = _rack.Daemon.Current.Value.Cluster.Nodes[1];
        foreach (var state in new[] { NodeState.Installing, NodeState.Failed })
        {
            _rack.Daemon.Part<NodeInventory>().Report(
                node, new NodeReport(state, Message: "no disk"), InventoryFixture.Machine);
        }

        Assert.Equal((ExitCode.Unavailable, "", "error: n2 has failed: no disk\n"), await waiting);
        Assert.Equal("n2: failed\n", await _rack.GoodAsync("node", "wait", "n2", "--for", "state=failed"));
    }

    private async Task RunsAsync(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            await _rack.GoodAsync("node", "state", node, "--state", "running");
        }
    }
}
