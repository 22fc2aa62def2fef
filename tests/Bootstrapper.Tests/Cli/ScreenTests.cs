using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>
/// What an operator sees on two terminals, one of them small: <c>Screens/80x24.txt</c> and <c>Screens/120x40.txt</c>, which
/// <c>UPDATE_EXPECTED=1</c> writes anew. Read them as the operator would.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class ScreenTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private readonly TemporaryDirectory _home = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var nodes = Enumerable.Range(1, 4).Select(number => Sample.Node(number) with { HostName = $"rack-a-node-{number:00}" });
        _daemon = await TestDaemon.StartAsync(Sample.Cluster([.. nodes]), bsroot =>
        {
            StandInRelease.Put(bsroot);
            nodes.Zip(Records(), Record).ToList().ForEach(record => new InventoryFiles(bsroot.Inventory).Save(record));
        });
        _home.Write("config.yml", $"""
            server: https://127.0.0.1:{_daemon.HttpsPort}
            token: {(await File.ReadAllTextAsync(_daemon.Bsroot.AdminToken, Cancellation)).Trim()}
            ca: {_daemon.Bsroot.CaCertificate}
            """);
        foreach (var command in new[] { "hold", "release", "hold", "release", "hold" })
        {
            Assert.Equal(ExitCode.Success, await CommandLine.RunAsync(
                ["node", command, "rack-a-node-04", "--reason", "somebody works on its fans", "--config", Config],
                new() { Output = new StringWriter() }));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [InlineData("80x24")]
    [InlineData("120x40")]
    public async Task What_an_operator_types_reads_well(string size)
    {
        var read = new StringBuilder();
        var running = new Screen(size, Environment(Config, $"http://127.0.0.1:{_daemon.Port}"));
        foreach (var command in new[]
        {
            "node list", "node why rack-a-node-03", "status", "events --after 0 | head -4", "node lits",
        })
        {
            Add(read, command, await running.ShowAsync($"bootstrapper {command}"));
        }

        Add(read, "node watch", await running.ShowAsync("bootstrapper node watch", until: "rack-a-node-04"));
        var fresh = new Screen(size, Environment());
        foreach (var command in new[] { "status --help", "node watch --help", "unknown --help" })
        {
            Add(read, command, await fresh.ShowAsync($"bootstrapper {command}"));
        }

        AssertExpected($"{size}.txt", Time().Replace(read.ToString(), "2026-11-26 12:00:00Z"));
    }

    private string Config => Path.Combine(_home.Path, "config.yml");

    private static IEnumerable<(NodeState State, string? Message)> Records() =>
    [
        (NodeState.Running, null), (NodeState.Installed, null), (NodeState.Failed, "flatcar-install: /dev/sda: no such device"),
        (NodeState.Configured, null),
    ];

    /// <summary>Three days old, so that its age is the same for as long as the test takes.</summary>
    private static NodeRecord Record(Node node, (NodeState State, string? Message) seen) =>
        NodeRecord.New(node, TimeProvider.System.GetUtcNow().AddDays(-3)) with
        {
            Revision = 1,
            State = seen.State,
            Message = seen.Message,
            FailedWhile = seen.State == NodeState.Failed ? NodeState.Installing : null,
        };

    private static void Add(StringBuilder read, string command, string screen) =>
        read.Append("$ bootstrapper ").Append(command).Append('\n').Append(screen).Append("\n\n");

    private static Dictionary<string, string> Environment(string? config = null, string? url = null)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = $"{Path.GetDirectoryName(RunningProgram.FileName)}:/usr/bin:/bin",
            ["HOME"] = "/nonexistent",
            ["LANG"] = "C.UTF-8",
            ["SHELL"] = "/bin/sh",
        };
        if (config is not null)
        {
            (environment["BOOTSTRAPPER_CONFIG"], environment["BOOTSTRAPPER_URL"]) = (config, url!);
        }

        return environment;
    }

    private static void AssertExpected(string name, string actual, [CallerFilePath] string file = "")
    {
        var expected = Path.Combine(Path.GetDirectoryName(file)!, "Screens", name);
        if (System.Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            File.WriteAllText(expected, actual);
        }

        Assert.Equal(File.ReadAllText(expected), actual);
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ")]
    private static partial Regex Time();
}
