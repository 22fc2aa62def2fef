using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// What a power cut would leave cannot be seen from inside: the system calls of the built program, as strace(1) writes them down,
/// tell whether it waited for the disk.
/// </summary>
public sealed partial class DurabilityTests : RackTests
{
    [RackFact]
    public async Task A_report_is_answered_after_the_disk_has_its_record_and_its_boot_file_under_their_names()
    {
        var node = new RackNode(1);
        Rack.Describe([node]);
        var trace = Rack.Bsroot.At("trace");
        await using (var program = RunningProgram.Start(Rack, Rack.Server.Command("strace", [
            "--follow-forks", "--decode-fds=path", "--string-limit=300", "--quiet=all", "--seccomp-bpf",
            "--daemonize", $"--output={trace}", "--trace=fsync,rename,renameat,renameat2,sendto,sendmsg",
            RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root])))
        {
            await program.AnswersAsync();
            using var machine = new ReportingMachine(node, Rack.From(node.Address));
            await machine.ReportAsync();
            await program.TerminateAsync();
            await NothingIsLeftAsync(); // strace itself has written all of it
        }

        var calls = (await File.ReadAllLinesAsync(trace, Cancellation)).ToList();
        foreach (var file in new[] { $"inventory/{node.Mac.ToHyphenated()}.json", Bsroot.PxelinuxFile(node.Mac) })
        {
            var path = Rack.Bsroot.At(file);
            var renamed = calls.FindLastIndex(call => call.Contains($"\"{path}\") = 0", StringComparison.Ordinal));
            Assert.True(renamed > 0, $"{path} was not renamed into its place");
            var partial = Renamed().Match(calls[renamed]).Groups["from"].Value;
            Assert.InRange(Flushed(calls, partial, from: 0), 0, renamed);
            var kept = Flushed(calls, Path.GetDirectoryName(path)!, renamed);
            Assert.InRange(kept, renamed, calls.Count);
            Assert.Contains(calls.Skip(kept), call => call.Contains("\"HTTP/1.1 200 ", StringComparison.Ordinal));
            Assert.DoesNotContain(
                calls.Skip(renamed).Take(kept - renamed), call => call.Contains("\"HTTP/1.1 200 ", StringComparison.Ordinal));
        }
    }

    /// <returns>
    /// Where the flush of it returned; -1 when it was not flushed. A call that another interrupts stands on two lines, and strace
    /// puts results in a column, with blanks before them where the line is short.
    /// </returns>
    private static int Flushed(List<string> calls, string path, int from)
    {
        var begun = calls.FindIndex(from, call => call.Contains("fsync(", StringComparison.Ordinal)
            && call.Contains($"<{path}>", StringComparison.Ordinal));
        return begun < 0 || calls[begun].EndsWith(" = 0", StringComparison.Ordinal) ? begun : calls.FindIndex(
            begun, call => call.StartsWith($"{calls[begun].Split(' ')[0]} ", StringComparison.Ordinal)
                && call.Contains("fsync resumed>) ", StringComparison.Ordinal)
                && call.EndsWith(" = 0", StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(?<from>[^\"]+[.]partial)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Renamed();
}
