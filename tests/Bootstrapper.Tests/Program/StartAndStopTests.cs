using Bootstrapper.Cli;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>How the program begins and ends, and what it says and exits with when it cannot begin.</summary>
public sealed class StartAndStopTests : RackTests
{
    private const int BeforeItCouldListen = 128 + 15; // the kernel's answer to SIGTERM where the process has none yet

    [RackFact]
    public async Task Asked_to_stop_it_ends_its_children_and_exits_with_success()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var program = await StartAsync();
        var children = program.ChildPids().ToList();

        Assert.Equal(ExitCode.Success, await program.TerminateAsync());

        Assert.Equal("", program.Errors);
        await NothingIsLeftAsync(children);
    }

    [RackFact]
    public async Task A_child_that_does_not_stop_when_asked_is_made_to()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var program = await StartAsync();
        var children = program.ChildPids().ToList();
        await Tool.OutputOfAsync("kill", "-STOP", $"{program.PidOf("registry")}");

        Assert.Equal(ExitCode.Success, await program.TerminateAsync());

        Assert.Contains(program.Lines, line => line.Contains("registry did not stop within", StringComparison.Ordinal));
        await NothingIsLeftAsync(children);
    }

    [RackFact]
    public async Task Asked_to_stop_while_it_starts_it_stops_and_complains_of_nothing()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        for (var start = 1; start <= 8; start++)
        {
            await using var program = RunningProgram.Start(Rack);
            await Task.Delay(TimeSpan.FromMilliseconds(150 * start), Cancellation);

            Assert.Contains(await program.TerminateAsync(), new[] { ExitCode.Success, BeforeItCouldListen });

            Assert.Equal("", program.Errors);
            await NothingIsLeftAsync();
        }
    }

    [RackFact]
    public async Task A_second_one_at_the_same_address_gives_up_and_the_first_does_not_notice()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var first = await StartAsync();
        var children = first.ChildPids().ToList();
        using var elsewhere = new TemporaryDirectory();
        File.Copy(Rack.Bsroot.Description, Path.Combine(elsewhere.Path, Bsroot.DescriptionName));

        await using var second = RunningProgram.Start(
            Rack, Rack.Server.Command(RunningProgram.FileName, "--bsroot", elsewhere.Path));

        Assert.Equal(ExitCode.Unavailable, await second.ExitAsync());
        Assert.Contains($"{Rack.ServerAddress}:80: address already in use", second.Errors, StringComparison.Ordinal);
        Assert.Single(second.Errors.Split('\n'), line => !line.Contains(": warning: ", StringComparison.Ordinal));
        Assert.DoesNotContain(second.Lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.False(File.Exists(new Bsroot(elsewhere.Path).CaKey), "it asks before it makes anything");
        await first.ReadyAsync();
        Assert.Equal(children, first.ChildPids());
        Assert.All(children, pid => Assert.True(ProcessTable.IsAlive(pid)));
    }

    [RackFact]
    public async Task A_second_one_in_the_same_data_root_gives_up_before_it_writes_there()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var first = await StartAsync();
        var written = File.GetLastWriteTimeUtc(Rack.Bsroot.DnsmasqConf);
        Rack.Describe([new RackNode(1)], $"upstreamnameservers: [{Rack.Stranger}]\nhttp_port: 8080");

        await using var second = RunningProgram.Start(Rack);

        Assert.Equal(ExitCode.Unavailable, await second.ExitAsync());
        Assert.Contains($"another bootstrapper serves from {Rack.Bsroot.Root}", second.Errors, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Rack.Bsroot.DnsmasqConf));
    }

    [RackFact]
    public async Task With_a_broken_description_it_does_not_start()
    {
        Rack.Describe([new RackNode(1)], "set_ntp: perhaps");

        await using var program = RunningProgram.Start(Rack);

        Assert.Equal(ExitCode.InvalidInput, await program.ExitAsync());
        Assert.Contains($"{Rack.Bsroot.Description}:6:10: error: set_ntp", program.Errors, StringComparison.Ordinal);
    }

    [RackFact]
    public async Task Bootcfgs_variables_are_named_for_they_have_no_effect()
    {
        Rack.Describe([new RackNode(1)], "set_ntp: perhaps");
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.Environment["BOOTCFG_PASSPHRASE"] = "not to be logged";
        command.Environment["BOOTCFG_ADDRESS"] = "0.0.0.0:8080";

        await using var program = RunningProgram.Start(Rack, command);

        await program.SaysAsync("BOOTCFG_ADDRESS has no effect: 'bootstrapper' and 'http_port' in ");
        await program.ExitAsync();
        Assert.DoesNotContain("not to be logged", string.Join('\n', program.Lines), StringComparison.Ordinal);
    }

    [RackFact]
    public async Task With_a_key_that_is_not_the_certificates_it_does_not_start()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        using var other = new TemporaryDirectory();
        OpenSsl.MakeRoot(Rack.Bsroot.Root, "rsa:2048");
        OpenSsl.MakeRoot(other.Path, "rsa:2048");
        File.Copy(Path.Combine(other.Path, "ca.key"), Rack.Bsroot.CaKey, overwrite: true);
        var key = await File.ReadAllBytesAsync(Rack.Bsroot.CaKey, Cancellation);

        await using var program = RunningProgram.Start(Rack);

        Assert.Equal(ExitCode.Configuration, await program.ExitAsync());
        Assert.Contains("ca.key", program.Errors, StringComparison.Ordinal);
        Assert.Equal(key, await File.ReadAllBytesAsync(Rack.Bsroot.CaKey, Cancellation));
    }

    /// <summary>An address that hosts move between them is often on an interface that leads nowhere.</summary>
    [RackFact]
    public async Task With_its_address_where_no_machine_is_it_does_not_start()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await Rack.Server.IpAsync($"address delete {Rack.ServerAddress}/16 dev eth0");
        await Rack.Server.IpAsync("address add 10.77.0.2/16 dev eth0");
        await Rack.Server.IpAsync("link add nowhere type bridge");
        await Rack.Server.IpAsync("link set nowhere up");
        foreach (var where in new[] { "nowhere", "lo" })
        {
            await Rack.Server.IpAsync($"address add {Rack.ServerAddress}/32 dev {where}");

            await using var program = RunningProgram.Start(Rack);

            Assert.Equal(ExitCode.InvalidInput, await program.ExitAsync());
            Assert.Contains(
                $"{Rack.ServerAddress} is on {where}, but the machines of 10.77.0.0/16 are reached by eth0",
                program.Errors,
                StringComparison.Ordinal);
            await Rack.Server.IpAsync($"address delete {Rack.ServerAddress}/32 dev {where}");
        }
    }

    [RackFact]
    public async Task With_too_few_file_descriptors_it_does_not_start()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");

        await using var program = RunningProgram.Start(Rack, Rack.Server.Command(
            "prlimit", "--nofile=400:400", RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root));

        Assert.Equal(ExitCode.Unavailable, await program.ExitAsync());
        Assert.Contains("the limit of file descriptors is 400: expected at least 512", program.Errors, StringComparison.Ordinal);
    }

    [RackFact]
    public async Task With_a_collector_that_is_no_url_it_does_not_start()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        var command = Rack.Server.Command(RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root);
        command.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317";

        await using var program = RunningProgram.Start(Rack, command);

        Assert.Equal(ExitCode.Usage, await program.ExitAsync());
        Assert.StartsWith(
            "error: OTEL_EXPORTER_OTLP_ENDPOINT is invalid: expected a URL", program.Errors, StringComparison.Ordinal);
    }
}
