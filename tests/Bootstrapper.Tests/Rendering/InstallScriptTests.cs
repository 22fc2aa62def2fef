using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
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

    [Fact]
    public async Task However_machines_are_installed_shellcheck_finds_nothing_and_shells_can_read_it()
    {
        using var directory = new TemporaryDirectory();
        var raw = new RawImage("image.zst", new string('0', 64));
        var scripts =
            (from os in new OperatingSystemSettings[]
             {
                 new(), new() { Transcoding = Transcoding.Zstd }, new() { InstallMethod = InstallMethod.Raw, Image = raw },
             }
             from restart in Enum.GetValues<Restart>()
             from config in Enum.GetValues<ConfigFormat>()
             from fanOut in new[] { false, true }
             let node = Sample.Node() with { Config = config, FanOut = fanOut }
             let cluster = Sample.Cluster(node) with { Os = os with { Restart = restart } }
             select InstallScript.Render(node, cluster, TemplateSet.Of([]), ChunkedImage.Specimen))
            .Distinct(StringComparer.Ordinal).Select((text, number) => directory.Write($"{number}.sh", text)).ToList();
        Assert.Equal((2 + 2) * 2 * 2, scripts.Count);
        await RealProgram.RunAsync("shellcheck", ["--shell=sh", "--norc", .. scripts]);
        foreach (var script in scripts)
        {
            await RealProgram.RunAsync("busybox", ["sh", "-n", script]);
            await RealProgram.RunAsync("bash", ["-n", script]);
        }
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
