using Bootstrapper.Pki;
using Bootstrapper.Tests.Bundles;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>Whether the built program waits for the disk.</summary>
public sealed class DurabilityTests : RackTests
{
    private string Trace => Rack.Bsroot.At("trace");

    [RackFact]
    public async Task A_report_is_answered_after_the_disk_has_its_record_and_its_boot_file_under_their_names()
    {
        var node = new RackNode(1);
        Rack.Describe([node]);
        string[] command = [RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root];
        await using (var program = RunningProgram.Start(
            Rack, Rack.Server.Command("strace", ["--daemonize", .. SystemCalls.Tracing(Trace), .. command])))
        {
            await program.AnswersAsync();
            using var machine = new ReportingMachine(node, Rack.From(node.Address));
            await machine.ReportAsync();
            await program.TerminateAsync();
            await NothingIsLeftAsync(); // strace itself has written all of it
        }

        var calls = await SystemCalls.ReadAsync(Trace);
        calls.AssertDurable(Rack.Bsroot.Root);
        var answers = calls.Sent("\"HTTP/1.1 200 ").ToList();
        foreach (var file in new[] { $"inventory/{node.Mac.ToHyphenated()}.json", Bsroot.PxelinuxFile(node.Mac) })
        {
            var path = Rack.Bsroot.At(file);
            var renamed = calls.Renamed(path);
            var kept = calls.FlushAfter(renamed, Path.GetDirectoryName(path)!)!;
            Assert.Contains(answers, answer => answer.Begun > kept.Ended);
            Assert.DoesNotContain(answers, answer => answer.Begun > renamed.Ended && answer.Begun < kept.Ended);
        }
    }

    [RackFact]
    public async Task A_bundle_what_it_brings_and_what_a_new_root_replaces_is_on_the_disk_when_the_command_ends()
    {
        using var fixture = BundleFixture.Create();
        var (bundle, root) = (fixture.At("made/bundle.tar"), fixture.Elsewhere.Root);
        Directory.CreateDirectory(Path.GetDirectoryName(bundle)!);
        RootFiles.Of(fixture.Elsewhere, RootName.Cluster, TimeProvider.System).Open().Dispose();
        string[] rotate = ["pki", "rotate-ca", "--bsroot", root];
        foreach (var command in (string[][])[
            ["bundle", "create", bundle, "--bsroot", fixture.Bsroot.Root],
            ["bundle", "load", bundle, "--allow-unsigned", "--bsroot", root],
            rotate,
            [.. rotate, "--switch", "--force"],
            [.. rotate, "--finish", "--force"]])
        {
            await Tool.OutputOfAsync("strace", [.. SystemCalls.Tracing(Trace), RunningProgram.FileName, .. command]);
            var calls = await SystemCalls.ReadAsync(Trace);
            calls.AssertDurable(root);
            calls.AssertDurable(Path.GetDirectoryName(bundle)!);
        }

        Assert.True(File.Exists(fixture.Elsewhere.At("www/stable/current/version.txt")));
        Assert.False(File.Exists(fixture.Elsewhere.ClusterRoot.Old));
    }
}
