using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Rehearsal;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rehearsal;

/// <summary><c>bootstrapper rehearse</c>, as an operator runs it: what it answers, and what it leaves behind.</summary>
[Collection(OneAfterTheOther.Name)]
[Trait("Category", "Slow")]
public sealed class RehearseCommandTests : IDisposable
{
    private const int SmallTerminal = 80;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    /// <summary>Its network has no address left for anybody else.</summary>
    [RackFact]
    public async Task It_says_how_long_all_machines_take_and_leaves_the_data_root_as_it_was()
    {
        Describe(machines: 11);
        var before = Listing();

        var played = await RunAsync("--machines", "4", "--line", "0.001", "--waiting", "0.5");

        Assert.True(played.ExitCode == ExitCode.Success, played.Output + played.Errors);
        Assert.Contains("4 of 4 machines ran after", played.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was lost, nothing happened twice", played.Output, StringComparison.Ordinal);
        Assert.Contains(
            "Your 11 machines need 3 minutes until the last runs; the line is the limit.", // 11 × 1.28 MB, and half a minute
            played.Output,
            StringComparison.Ordinal);
        Assert.Contains("1 MB a machine, 0.001 Gbit/s", played.Output, StringComparison.Ordinal);
        var table = played.Output.Split('\n').TakeWhile(line => line.Length > 0).ToList();
        Assert.All(table, line => Assert.InRange(line.Length, 0, SmallTerminal));
        Assert.DoesNotContain(table, line => line.StartsWith("DHCP, strangers", StringComparison.Ordinal));
        Assert.Equal(before, Listing());
    }

    [RackFact]
    public async Task A_release_that_is_not_there_is_said_at_once_and_what_the_bootstrapper_wrote_is_kept()
    {
        Describe(machines: 3);
        var kernel = Path.Combine("stable", "4593.2.5", "flatcar_production_pxe.vmlinuz");
        File.Delete(Path.Combine(Bsroot.Www, kernel));
        using var elsewhere = new TemporaryDirectory();
        var log = Path.Combine(elsewhere.Path, "serve.log");

        var played = await RunAsync("--line", "1", "--log", log);

        Assert.Equal(ExitCode.Unavailable, played.ExitCode);
        Assert.Contains("flatcar_production_pxe.vmlinuz is not there, and node-", played.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Bsroot.Scratch("rehearsal")));
    }

    [RackTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task However_it_ends_nothing_of_it_goes_on_and_nothing_is_left_after_the_next(string signal)
    {
        Describe(machines: 11);
        var before = Listing();
        using var rehearsal = Process.Start(Command("--line", "1"))!;
        await Eventually.True(() => File.Exists(Path.Combine(Bsroot.Scratch("rehearsal"), "bsroot", "serve.log.pid")));
        await TellAsync(rehearsal, "STOP"); // or it may be over before the second one is
        var second = await RunAsync("--line", "1");
        Assert.Equal(ExitCode.Unavailable, second.ExitCode);
        Assert.Contains("another rehearsal of", second.Errors, StringComparison.Ordinal);

        await TellAsync(rehearsal, signal);
        await TellAsync(rehearsal, "CONT");

        await rehearsal.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, rehearsal.ExitCode);
        await Eventually.True(() => !OthersOf(_directory.Path).Any(), () => string.Join('\n', OthersOf(_directory.Path)));
        if (signal == "KILL")
        {
            Assert.True((await RunAsync("--line", "1", "--machines", "1")).ExitCode == ExitCode.Success);
        }

        Assert.Equal(before, Listing());
    }

    /// <summary>Files of some KiB, and of a release that machines find.</summary>
    private void Describe(int machines)
    {
        var text = $"""
            bootstrapper: 10.202.0.1
            subnet: 10.202.0.0/28
            iplow: 10.202.0.2
            iphigh: 10.202.0.3
            domainname: rack.test
            nodes:
            {string.Concat(Enumerable.Range(1, machines).Select(Node))}
            """;
        Bsroot.Write(Bsroot.Description, text);
        StandInFiles.Put(
            Bsroot, ClusterDescriptionReader.Read(text).Cluster!, kernel: 300 << 10, initrd: 300 << 10, image: 600 << 10);
    }

    private static string Node(int number) => string.Create(CultureInfo.InvariantCulture, $"""
          - mac: "52:54:00:00:01:{number:x2}"
            hostname: node-{number}
            ip: 10.202.0.{3 + number}
            kube_master: {(number == 1 ? "y" : "n")}
            etcd_member: {(number == 1 ? "y" : "n")}

        """);

    private static Task TellAsync(Process process, string signal) =>
        Tool.RunAsync(new ProcessStartInfo("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]));

    private Task<Tool> RunAsync(params string[] arguments) => Tool.RunAsync(Command(arguments), Longest);

    private ProcessStartInfo Command(params string[] arguments) =>
        new(RunningProgram.FileName, ["rehearse", "--bsroot", _directory.Path, .. arguments]);

    private List<string> Listing() =>
    [
        .. from file in new DirectoryInfo(_directory.Path).EnumerateFiles("*", SearchOption.AllDirectories)
           orderby file.FullName
           select string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.LinkTarget} {file.LastWriteTimeUtc:O}"),
    ];

    /// <summary>Programs that were told of something in the directory.</summary>
    private static IEnumerable<string> OthersOf(string directory) =>
        from process in Directory.EnumerateDirectories("/proc")
        where Path.GetFileName(process).All(char.IsAsciiDigit)
        let command = CommandLineOf(process)
        where command.Contains(directory, StringComparison.Ordinal)
        select command;

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
