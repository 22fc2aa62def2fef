using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

public sealed class StatusCommandTests
{
    [Fact]
    public async Task Without_a_release_that_machines_need_we_are_not_ready_and_the_operator_is_told_what_to_do()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        var (exitCode, output, _) = await RunAsync($"http://127.0.0.1:{daemon.Port}");
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Matches("releases +not ready +stable: there is no", output);
        Assert.Contains("fetch os", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_part_is_listed_with_how_it_is()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), StandInRelease.Put);
        var (exitCode, output, _) = await RunAsync($"http://127.0.0.1:{daemon.Port}");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Matches("description +ready", output);
        Assert.Matches("releases +ready +stable: " + StandInRelease.Version, output);
    }

    [Fact]
    public async Task Programs_are_told_as_at_readyz()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), StandInRelease.Put);
        var (_, output, _) = await RunAsync($"http://127.0.0.1:{daemon.Port}", "-o", "jsonpath={.ready} {.parts[0].name}");
        Assert.Equal("true description\n", output);
    }

    [Fact]
    public async Task On_its_own_host_the_one_that_runs_is_asked_whatever_its_description_became()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), StandInRelease.Put);
        await File.WriteAllTextAsync(daemon.Bsroot.Description, "http_port: [", TestContext.Current.CancellationToken);
        var output = new StringWriter();
        var exitCode = await CommandLine.Create().Parse(["status", "--bsroot", daemon.Bsroot.Root]).InvokeAsync(
            new() { Output = output }, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Matches("description +ready", output.ToString());
    }

    [Fact]
    public async Task Where_nobody_answers_that_is_said()
    {
        var (exitCode, _, error) = await RunAsync("http://127.0.0.1:9");
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("http://127.0.0.1:9 does not answer", error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string url, params string[] more)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.Create().Parse(["status", "--url", url, .. more]).InvokeAsync(
            new() { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
