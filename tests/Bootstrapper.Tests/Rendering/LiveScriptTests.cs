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
        foreach (var (name, text) in new[]
        {
            ("facts.sh", snapshot.FactsScript()),
            ("discover.sh", snapshot.DiscoverScript()),
            ("start.sh", snapshot.StartScript()),
        })
        {
            var script = directory.Write(name, text);
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

    /// <summary>
    /// A machine whose way to the bootstrapper is InfiniBand is on record by its first Ethernet card, or says that it has none.
    /// </summary>
    [Theory]
    [InlineData("BOOTIF=01-52-54-00-00-00-AA", "52:54:00:00:00:aa")]
    [InlineData("BOOTIF=20-00-02-c9-03-00-1a-2b-3c quiet", "52:54:00:00:00:05")]
    [InlineData("quiet", "52:54:00:00:00:05")]
    [InlineData("quiet", null)]
    public async Task A_machine_is_known_by_an_Ethernet_card(string arguments, string? expected)
    {
        using var directory = new TemporaryDirectory();
        var infiniBand = string.Join(':', Enumerable.Repeat("a0", 20));
        foreach (var (card, address) in new[] { ("ib0", infiniBand), ("virbr0", "52:54:00:00:00:04"), ("en1", expected) })
        {
            Directory.CreateDirectory(Path.Combine(directory.Path, "net", card, card == "virbr0" ? "" : "device"));
            directory.Write($"net/{card}/address", $"{address ?? infiniBand}\n");
        }

        directory.Write("cmdline", $"{arguments}\n");
        Directory.CreateDirectory(Path.Combine(directory.Path, "bin"));
        var ip = directory.Write("bin/ip", "#!/bin/sh\necho '10.0.0.1 dev ib0 src 10.0.0.2'\n");
        File.SetUnixFileMode(ip, Bsroot.PublicFile | UnixFileMode.UserExecute);
        var script = ScenarioTests.Load("example").DiscoverScript();
        var end = script.IndexOf("\nuntil ", StringComparison.Ordinal);
        var head = directory.Write("head.sh", $"{script[..end]}\necho \"$mac\"\n");
        var told = await RealProgram.RunAsync("unshare", [
            "--mount", "sh", "-c", $"mount --bind {directory.Path}/net /sys/class/net && mount --bind {directory.Path}/cmdline "
                + $"/proc/cmdline && PATH={directory.Path}/bin:$PATH sh {head} || true"]);
        Assert.Contains(expected ?? "this machine has no Ethernet card, by which it would be", told, StringComparison.Ordinal);
    }
}
