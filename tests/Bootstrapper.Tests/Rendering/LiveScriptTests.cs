using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>What live systems run beside install.sh, in the shells that they have.</summary>
public sealed class LiveScriptTests
{
    private static readonly MacAddress Mac = Sample.Node(1).Mac;

    [Fact]
    public async Task Shellcheck_finds_nothing_and_every_shell_can_read_them()
    {
        using var directory = new TemporaryDirectory();
        var snapshot = ScenarioTests.Load("example");
        foreach (var script in new[] { directory.Write(
            "facts.sh", snapshot.FactsScript()), directory.Write("discover.sh", snapshot.DiscoverScript()) })
        {
            await RealProgram.RunAsync("shellcheck", ["--shell=sh", "--norc", script]);
            await RealProgram.RunAsync("busybox", ["sh", "-n", script]);
            await RealProgram.RunAsync("bash", ["-n", script]);
        }
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("busybox", "sh")]
    public async Task A_machine_tells_what_is_in_it(params string[] shell)
    {
        await using var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node(1)) with { Secrets = SecretsPolicy.Open });
        using var directory = new TemporaryDirectory();
        using var machine = daemon.From("127.0.0.2");
        var script = directory.Write(
            "facts.sh", await machine.GetStringAsync("/facts.sh", TestContext.Current.CancellationToken));

        await RealProgram.RunAsync(shell[0], [.. shell.Skip(1), script, Mac.ToString()]);

        var file = await File.ReadAllTextAsync(
            Path.Combine(daemon.Bsroot.Inventory, $"{Mac.ToHyphenated()}.json"), TestContext.Current.CancellationToken);
        var facts = JsonSerializer.Deserialize<NodeRecord>(file, InventoryFiles.Json)!.Facts!;
        Assert.Equal(Environment.ProcessorCount, facts.Cpus);
        Assert.InRange(facts.Memory, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, long.MaxValue);
        Assert.Equal(
            Directory.GetDirectories("/sys/class/net").Count(card => Directory.Exists(Path.Combine(card, "device"))),
            facts.Nics.Count);
    }
}
