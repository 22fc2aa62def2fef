using System.Diagnostics;
using System.Net.Sockets;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>kill -9 of the program, at moments that nobody chose; other tests beside it make them odder.</summary>
public sealed class KillTests(ITestOutputHelper output) : RackTests
{
    private const int SwitchedOnBetween = 2, Clients = 4;

    /// <summary>A kill costs two seconds and a half.</summary>
    private static readonly int Kills = Sampling.Of(whole: 100, sample: 8);

    /// <summary>Each is begun five times.</summary>
    private static readonly int DataRoots = Sampling.Of(whole: 4, sample: 2);

    private const int LongestLoad = 400; // ms, in which some hundred reports are made

    [RackFact]
    public async Task What_was_acknowledged_is_there_and_on_the_audit_trail_after_kills_under_load_and_no_child_survives()
    {
        var machines = Enumerable.Range(1, Kills * SwitchedOnBetween)
            .Select(number => new RackNode(number))
            .Select(node => new ReportingMachine(node, Rack.From(node.Address))).ToList();
        Rack.Describe(machines.Select(machine => machine.Node));
        await BeginTrailAsync(machines[0]);
        var began = Stopwatch.StartNew();

        var children = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            children += await KillUnderLoadAsync(machines, switchedOn: kill * SwitchedOnBetween);
        }

        await using var program = await StartAsync();
        machines.ForEach(machine => machine.AssertRemembered(Rack.Bsroot));
        var trail = AuditLog.Read(Rack.Bsroot);
        machines.ForEach(machine => machine.AssertOnTrail(trail[machine.Node.HostName]));
        Assert.Empty(AuditLog.Uncommitted(Rack.Bsroot));
        output.WriteLine($"{trail.Sum(commits => commits.Count())} commits");
        output.WriteLine($"{Kills} kills, of {children} children too, {machines.Sum(machine => machine.Acknowledged)} "
            + $"acknowledged reports, {began.Elapsed.TotalSeconds:F0} s");
        machines.ForEach(machine => machine.Dispose());
    }

    [RackFact]
    public async Task Killed_at_any_moment_of_its_start_it_starts_the_next_time()
    {
        Rack.Describe([new RackNode(1), new RackNode(2)]);
        for (var dataRoot = 1; dataRoot <= DataRoots; dataRoot++)
        {
            for (var kill = 1; kill <= 5; kill++)
            {
                await KillAfterAsync(Random.Shared.Next(1500));
            }

            var halfWritten = HalfWritten();
            await using var program = await StartAsync();
            AssertGone(halfWritten);
            Assert.Equal(0, await program.TerminateAsync());
            EmptyDataRoot();
        }
    }

    /// <returns>How many children ran when the program was killed.</returns>
    private async Task<int> KillUnderLoadAsync(List<ReportingMachine> machines, int switchedOn)
    {
        var halfWritten = HalfWritten();
        await using var program = RunningProgram.Start(Rack);
        await program.AnswersAsync();
        machines.ForEach(machine => machine.AssertRemembered(Rack.Bsroot));
        AssertGone(halfWritten);
        // The newest come first, so that some are always at the beginning of their way.
        var load = machines.Take(switchedOn).Reverse().Chunk(Math.Max(1, switchedOn / Clients))
            .Select(ReportUntilKilledAsync).ToList();
        await Task.Delay(Random.Shared.Next(LongestLoad), Cancellation);

        await program.KillAsync();

        await AllAreAnsweredWellAsync(load, program);
        await NothingIsLeftAsync(program.ChildPids());
        machines.FindAll(machine => !machine.IsInDoubt).ForEach(machine => machine.AssertRemembered(Rack.Bsroot));
        return program.ChildPids().Count();
    }

    private static async Task AllAreAnsweredWellAsync(IEnumerable<Task> load, RunningProgram program)
    {
        try
        {
            await Task.WhenAll(load);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}\n{string.Join('\n', program.Lines.TakeLast(40))}\n{program.Errors}");
        }
    }

    private static async Task ReportUntilKilledAsync(IReadOnlyList<ReportingMachine> machines)
    {
        try
        {
            for (var next = 0; ; next = (next + 1) % machines.Count)
            {
                await machines[next].ReportAsync();
            }
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // Nobody is there to answer any more.
        }
    }

    /// <summary>
    /// A trail that begins with what a kill left of the first report begins with one commit for all machines, and tells no steps.
    /// </summary>
    private async Task BeginTrailAsync(ReportingMachine machine)
    {
        await using var program = await StartAsync();
        await machine.ReportAsync();
        Assert.Equal(0, await program.TerminateAsync());
    }

    private async Task KillAfterAsync(int milliseconds)
    {
        await using var program = RunningProgram.Start(Rack);
        await Task.Delay(milliseconds, Cancellation);
        await program.KillAsync();
        await NothingIsLeftAsync(program.ChildPids());
    }

    /// <summary>While a program runs it may be writing others: each has a name of its own.</summary>
    private IReadOnlyList<string> HalfWritten() =>
        [.. Directory.EnumerateFiles(Rack.Bsroot.Root, ".*.partial", SearchOption.AllDirectories)];

    private static void AssertGone(IReadOnlyList<string> halfWritten) => Assert.DoesNotContain(halfWritten, File.Exists);

    private void EmptyDataRoot()
    {
        foreach (var made in new DirectoryInfo(Rack.Bsroot.Root).EnumerateFileSystemInfos()
            .Where(entry => entry.Name != Bsroot.DescriptionName))
        {
            (made as DirectoryInfo)?.Delete(recursive: true);
            (made as FileInfo)?.Delete();
        }

        StandInRelease.Put(Rack.Bsroot);
    }
}
