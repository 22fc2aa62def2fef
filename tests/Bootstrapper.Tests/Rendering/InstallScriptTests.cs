using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// The script runs in live systems that nobody here has seen: it must be plain POSIX, for the shells that they have.
/// </summary>
public sealed class InstallScriptTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Shellcheck_finds_nothing(string name) =>
        await AssertAcceptedAsync(name, "shellcheck", "--shell=sh", "--norc");

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
        var scripts = snapshot.Cluster.Nodes.DistinctBy(node => node.Config)
            .Select(node => directory.Write($"{node.Config}.sh", snapshot.InstallScript(node)));
        foreach (var script in scripts)
        {
            await RealProgram.RunAsync(program, [.. arguments, script]);
        }
    }
}
