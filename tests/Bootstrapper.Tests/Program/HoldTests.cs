using System.Diagnostics;
using System.Net;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// A description that is saved and held until somebody applies it, while the program runs and after it was killed.
/// </summary>
public sealed class HoldTests : RackTests
{
    private const string Manual = "reload: manual";

    private static readonly RackNode First = new(1), Second = new(2), Third = new(3);

    [RackFact]
    public async Task What_is_saved_waits_until_it_is_applied()
    {
        Rack.Describe([First], Manual);
        await using var program = await StartAsync();

        Rack.Describe([First, Second], Manual);
        await program.SaysAsync("is held (reload: manual)");
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Second));
        Assert.Contains("is held (reload: manual)", await program.WholeReadinessAsync(), StringComparison.Ordinal);
        await program.ReadyAsync();

        var (exitCode, output) = await RunAsync("plan");
        Assert.Equal(PlanExit.Something, exitCode);
        Assert.Contains($"added: {Second.HostName}\n", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.InvalidInput, (await RunAsync("apply", "--never", "next-boot")).ExitCode);
        Assert.Equal(ExitCode.InvalidInput, (await RunAsync("apply", "--plan", "0123456789abcdef")).ExitCode);
        using var elsewhere = new TemporaryDirectory();
        Assert.Equal(ExitCode.InvalidInput, (await RunAsync("apply", elsewhere.Write("cut-off.yml", ""))).ExitCode);
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Second));

        (exitCode, output) = await RunAsync("apply", "--reason", "a second one");
        Assert.Equal((ExitCode.Success, true), (exitCode, output.EndsWith("It is in force.\n", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
        Assert.Equal(PlanExit.Nothing, (await RunAsync("plan")).ExitCode);
        Assert.DoesNotContain("is held", await program.WholeReadinessAsync(), StringComparison.Ordinal);
        await Eventually.True(async () => (await RunAsync("audit")).Output is var audit
            && audit.Contains("description: apply plan ", StringComparison.Ordinal)
            && audit.Contains("a second one (from ", StringComparison.Ordinal));
    }

    [RackFact]
    public async Task It_waits_when_the_program_is_killed_and_started_again()
    {
        Rack.Describe([First], Manual);
        await using (var program = await StartAsync())
        {
            Rack.Describe([First, Second]); // it would not be held any more, if it were in force
            await program.SaysAsync("is held (reload: manual)");
            await program.KillAsync();
        }

        await using var again = await StartAsync();
        await again.SaysAsync("is held (reload: manual)");
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(First));
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Second));

        Assert.Equal(ExitCode.Success, (await RunAsync("apply")).ExitCode);
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
        Assert.False(Directory.Exists(Rack.Bsroot.Applied));
        Rack.Describe([First, Second, Third]);
        await Eventually.True(async () => await InstallScriptAsync(Third) == HttpStatusCode.OK);
    }

    /// <summary>Before it is acknowledged either is good, and nothing between; after that the new one.</summary>
    [RackFact]
    public async Task A_kill_while_it_is_applied_leaves_the_old_one_or_the_new_one()
    {
        Rack.Describe([First], Manual);
        RackNode[] nodes = [First];
        var acknowledged = 0;
        for (var round = 0; round < Sampling.Of(whole: 20, sample: 6); round++)
        {
            await using var program = RunningProgram.Start(Rack);
            await program.AnswersAsync();
            foreach (var node in nodes)
            {
                Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(node));
            }

            var next = new RackNode(10 + round);
            Rack.Describe([.. nodes, next], Manual);
            var applying = RunAsync("apply");
            await Task.Delay(Random.Shared.Next(300, 1500), Cancellation);
            await program.KillAsync();
            var isAcknowledged = (await applying).ExitCode == ExitCode.Success;
            await using var again = RunningProgram.Start(Rack);
            await again.AnswersAsync();
            var isThere = await InstallScriptAsync(next) == HttpStatusCode.OK;
            Assert.True(isThere || !isAcknowledged, "it was acknowledged, and is gone");
            Assert.Equal(isThere, (await RunAsync("plan")).ExitCode == PlanExit.Nothing);
            acknowledged += isAcknowledged ? 1 : 0;
            nodes = isThere ? [.. nodes, next] : nodes;
            await again.TerminateAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"acknowledged {acknowledged}, in force {nodes.Length - 1}");
    }

    [RackFact]
    public async Task A_file_is_saved_and_applied_whether_others_are_held_or_not()
    {
        using var elsewhere = new TemporaryDirectory();
        Rack.Describe([First]);
        await using var program = await StartAsync();
        var file = elsewhere.Write("new.yml", Rack.Description([First, Second], Manual));
        Assert.Equal(ExitCode.Success, (await RunAsync("apply", file)).ExitCode);
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
        Assert.Equal(
            await File.ReadAllTextAsync(file, Cancellation),
            await File.ReadAllTextAsync(Rack.Bsroot.Description, Cancellation));

        file = elsewhere.Write("port.yml", Rack.Description([First, Second, Third], $"{Manual}\nregistry_port: 5001"));
        var (exitCode, output) = await RunAsync("apply", file);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.EndsWith("in force when the bootstrapper is started again.\n", output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Third));
        await program.TerminateAsync();
        await using var again = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Third));
    }

    [RackFact]
    public async Task What_was_applied_and_is_lost_is_not_replaced_by_what_was_not()
    {
        Rack.Describe([First], Manual);
        await using (var program = await StartAsync())
        {
            Rack.Describe([First, Second], Manual);
            await program.SaysAsync("is held (reload: manual)");
            await program.KillAsync();
        }

        Directory.Delete(Directory.GetDirectories(Rack.Bsroot.Applied).Single(), recursive: true);
        await using (var refused = RunningProgram.Start(Rack))
        {
            Assert.Equal(ExitCode.MissingInput, await refused.ExitAsync());
            Assert.Contains("what was applied last (reload: manual) is lost", refused.Errors, StringComparison.Ordinal);
        }

        Bsroot.Remove(Rack.Bsroot.Applied);
        await using var again = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
    }

    [RackFact]
    public async Task What_the_program_writes_itself_is_tried_again_when_it_could_not_be_put_into_force()
    {
        Rack.Describe([First], Manual);
        await using var program = await StartAsync();
        var inTheWay = Rack.Bsroot.At("dnsmasq/candidate.conf");
        Directory.CreateDirectory(inTheWay);
        Bsroot.Write(Rack.Bsroot.Enrolled, $$"""[{"mac": "{{Second.Mac}}", "hostName": "{{Second.HostName}}"}]""");
        await program.SaysAsync("is a directory");
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Second));
        Directory.Delete(inTheWay);
        await Eventually.True(async () => await InstallScriptAsync(Second) == HttpStatusCode.OK);
    }

    [RackFact]
    public async Task The_description_stays_whose_it_is_and_as_it_was_where_it_is_not_applied()
    {
        using var elsewhere = new TemporaryDirectory();
        var real = elsewhere.Write("kept.yml", Rack.Description([First]));
        File.SetUnixFileMode(real, Bsroot.SecretFile);
        File.CreateSymbolicLink(Rack.Bsroot.Description, real);
        await using var program = await StartAsync();
        var file = elsewhere.Write("new.yml", Rack.Description([First, Second]));

        var inTheWay = Rack.Bsroot.At("dnsmasq/candidate.conf");
        Directory.CreateDirectory(inTheWay);
        Assert.Equal(ExitCode.InputOutput, (await RunAsync("apply", file)).ExitCode);
        Assert.Equal(Rack.Description([First]), await File.ReadAllTextAsync(real, Cancellation));
        await Eventually.True(async () =>
            (await RunAsync("audit")).Output.Contains(" was not applied: ", StringComparison.Ordinal));
        Directory.Delete(inTheWay);

        Assert.Equal(ExitCode.Success, (await RunAsync("apply", file)).ExitCode);
        Assert.Equal(real, new FileInfo(Rack.Bsroot.Description).LinkTarget);
        Assert.Equal(Rack.Description([First, Second]), await File.ReadAllTextAsync(real, Cancellation));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(real));
        Assert.Equal(HttpStatusCode.OK, await InstallScriptAsync(Second));
    }

    [RackFact]
    public async Task A_description_that_is_mounted_by_itself_is_not_replaced()
    {
        using var host = new TemporaryDirectory();
        Rack.Describe([First]); // by it commands know where the program is
        var (theirs, ours) = (host.Write("theirs.yml", Rack.Description([First])), host.Write("ours.yml", ""));
        await using var program = RunningProgram.Start(Rack, Rack.Server.Command(
            "unshare", "--mount", "sh", "-c", $"mount --bind {theirs} {ours} && exec \"$@\"", "sh",
            RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root, "--description", ours));
        await program.ReadyAsync();
        var file = host.Write("new.yml", Rack.Description([First, Second]));
        Assert.Equal(ExitCode.InvalidInput, (await RunAsync("apply", file)).ExitCode);
        Assert.Equal(Rack.Description([First]), await File.ReadAllTextAsync(theirs, Cancellation));
        Assert.DoesNotContain("apply plan", (await RunAsync("audit")).Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await InstallScriptAsync(Second));
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var command = Rack.Server.Command(RunningProgram.FileName, [.. arguments, "--bsroot", Rack.Bsroot.Root]);
        command.RedirectStandardOutput = true;
        using var process = Process.Start(command)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, output);
    }

    private async Task<HttpStatusCode> InstallScriptAsync(RackNode node)
    {
        using var machine = Rack.From(Rack.Stranger);
        using var answer = await machine.GetAsync(new Uri($"install.sh?mac={node.Mac}", UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }
}
