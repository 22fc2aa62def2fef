using System.Diagnostics;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>The script runs in live systems that nobody here has seen: it must be plain POSIX, for the shells that they have.</summary>
public sealed class InstallScriptTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Shellcheck_finds_nothing(string name) => await AssertAcceptedAsync(name, "shellcheck", "--shell=sh", "--norc");

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Busybox_and_bash_can_read_it(string name)
    {
        await AssertAcceptedAsync(name, "busybox", "sh", "-n");
        await AssertAcceptedAsync(name, "bash", "-n");
    }

    private static async Task AssertAcceptedAsync(string scenario, string program, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        var snapshot = ScenarioTests.Load(scenario);
        var script = directory.Write("install.sh", snapshot.InstallScript(snapshot.Cluster.Nodes[0]));
        using var process = Process.Start(new ProcessStartInfo(program, [.. arguments, script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
    }
}
