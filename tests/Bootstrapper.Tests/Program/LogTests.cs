using System.Diagnostics;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>What stands on standard output and standard error, and what a reader that does not read changes: nothing.</summary>
public sealed class LogTests : RackTests
{
    [RackFact]
    public async Task It_can_be_one_json_object_a_line_from_the_first_to_the_last_the_childrens_lines_too()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var program = await StartAsync("--log-format", "json", "--log-level", "debug");
        await program.TerminateAsync();

        var parts = program.Lines.Select(line => Property(line, "Part")).ToHashSet(StringComparer.Ordinal);

        Assert.Superset(new HashSet<string>(["dnsmasq", "registry", "RequestLog"], StringComparer.Ordinal), parts);
        Assert.Equal("", program.Errors);
    }

    [RackFact]
    public async Task As_json_it_tells_what_is_wrong_with_the_description_and_where()
    {
        Rack.Describe([new RackNode(1)], "set_ntp: perhaps");
        await using var program = RunningProgram.Start(Rack, "--log-format", "json");

        Assert.Equal(ExitCode.InvalidInput, await program.ExitAsync());

        Assert.Equal("", program.Errors);
        Assert.Contains(program.Lines, line => Property(line, "@l") == "Error" && Property(line, "Line") == "6"
            && Property(line, "File") == Rack.Bsroot.Description
            && Property(line, "@m").Contains("set_ntp", StringComparison.Ordinal));
    }

    [RackFact]
    public async Task As_json_it_tells_why_the_start_fails()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        await using var first = await StartAsync();

        foreach (var (arguments, exitCode, complaint) in new[]
        {
            (new[] { "--log-format", "json" }, ExitCode.Unavailable, "another bootstrapper serves from"),
            (["--log-format", "json", "--log-level", "loud"], ExitCode.Usage, "invalid --log-level"),
        })
        {
            await using var second = RunningProgram.Start(Rack, arguments);
            Assert.Equal(exitCode, await second.ExitAsync());
            Assert.Equal("", second.Errors);
            // Where tests run in a container, it warns first that the data root goes with it.
            var said = Assert.Single(second.Lines, line => Property(line, "@l") != "Warning");
            Assert.StartsWith(complaint, Property(said, "@m"), StringComparison.Ordinal);
        }
    }

    [RackFact]
    public async Task A_pipe_that_nobody_reads_stops_nothing_and_what_was_dropped_is_counted()
    {
        Rack.Describe([new RackNode(1)], "secrets: guarded");
        using var pipe = new LogPipe();
        await using var program = RunningProgram.Start(Rack, pipe.Command(Rack));
        await program.ReadyAsync();

        await AskAsync(times: 14_000); // more than the pipe and the queue hold

        var read = pipe.ReadUntil("log lines dropped");
        await program.ReadyAsync();
        Assert.InRange(read.Count, 10_000, 14_000);
        Assert.Matches(@" WRN bootstrapper: [1-9]\d* log lines dropped: ", read[^1]);

        await AskAsync(times: 2_000); // the pipe is full again
        Assert.Equal(ExitCode.Success, await program.TerminateAsync());
        await NothingIsLeftAsync();
    }

    private async Task AskAsync(int times)
    {
        using var client = Rack.From(Rack.Stranger);
        await Parallel.ForAsync(
            0,
            times,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (_, cancellation) =>
            {
                using var answer = await client.GetAsync(
                    new Uri("nothing-here-but-a-line-of-the-log", UriKind.Relative), cancellation);
            });
    }

    private static string Property(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
    }

    /// <summary>A named pipe for the program's standard output, open at this end and not read by itself.</summary>
    private sealed class LogPipe : IDisposable
    {
        private readonly TemporaryDirectory _directory = new();
        private readonly FileStream _end;

        public LogPipe()
        {
            using var made = Process.Start("mkfifo", [Name]);
            made.WaitForExit();
            _end = new FileStream(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1);
        }

        private string Name => Path.Combine(_directory.Path, "log");

        public ProcessStartInfo Command(Rack rack) =>
            rack.Server.Command("sh", "-c", $"exec {RunningProgram.FileName} serve --bsroot {rack.Bsroot.Root} > {Name}");

        public IReadOnlyList<string> ReadUntil(string text)
        {
            var lines = new List<string>();
            using var reader = new StreamReader(_end, leaveOpen: true);
            while (lines.Count == 0 || !lines[^1].Contains(text, StringComparison.Ordinal))
            {
                lines.Add(reader.ReadLine()!);
            }

            return lines;
        }

        public void Dispose()
        {
            _end.Dispose();
            _directory.Dispose();
        }
    }
}
