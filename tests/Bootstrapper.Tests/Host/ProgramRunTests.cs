using System.Globalization;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

/// <summary>With real programs.</summary>
public sealed class ProgramRunTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60), Short = TimeSpan.FromSeconds(2);

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string PidFile => Path.Combine(_directory.Path, "pid");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_argument_arrives_as_it_is()
    {
        string[] arguments =
        [
            "", " ", "a b", "\"", "\\", "a\\", "\\\"", "a b\\", "'", "$HOME", "*", "line\nline", "tab\t", "ä€𐍈", "--", "-x",
        ];
        var result = await new ProgramRun("printf", [@"%s\0", .. arguments], Long).RunAsync(Cancellation);
        Assert.Equal(arguments, result.Text.Split('\0')[..^1]);
    }

    [Fact]
    public async Task Programs_speak_English_and_have_the_environment_and_directory_they_were_given()
    {
        var run = Shell("echo $LC_ALL $ADDED $HOME; pwd") with
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ADDED"] = "a",
                ["HOME"] = null,
                ["LC_ALL"] = "de_DE.UTF-8",
            },
            WorkingDirectory = _directory.Path,
        };
        Assert.Equal($"C a\n{_directory.Path}\n", (await run.RunAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task What_our_own_variables_say_a_program_is_not_told()
    {
        Environment.SetEnvironmentVariable("BOOTSTRAPPER_A_SECRET", "of ours");
        var told = (await new ProgramRun("env", [], Long).RunAsync(Cancellation)).Text;
        Assert.DoesNotContain("of ours", told, StringComparison.Ordinal);
        Assert.Contains("PATH=", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_has_the_command_the_exit_code_and_the_last_lines_of_what_it_said()
    {
        var failing = Shell("seq 10 >&2; exit 3");
        var failure = await Assert.ThrowsAsync<ProgramException>(() => failing.OutputAsync(Cancellation));
        Assert.Equal("sh -c seq 10 >&2; exit 3 exited with code 3: 6 7 8 9 10", failure.Message);
        Assert.Equal((3, "10"), await ResultAsync(failing));
    }

    [Fact]
    public async Task A_program_that_a_signal_ended_has_128_and_its_number() =>
        Assert.Equal((128 + 15, ""), await ResultAsync(Shell("kill -TERM $$")));

    [Fact]
    public async Task A_program_that_is_missing_or_cannot_be_started_is_a_failure_that_says_so()
    {
        var missing = new ProgramRun("no-such-program", ["x"], Long) { Package = "nothing" };
        Assert.Equal(
            "no-such-program x cannot be started: install Debian's nothing",
            (await Assert.ThrowsAsync<ProgramException>(() => missing.RunAsync(Cancellation))).Message);
        var nowhere = Shell("true") with { WorkingDirectory = Path.Combine(_directory.Path, "gone") };
        var failure = await Assert.ThrowsAsync<ProgramException>(() => nowhere.RunAsync(Cancellation));
        Assert.StartsWith("sh -c true cannot be started: ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 300 & echo $! >$PIDFILE; wait")]
    [InlineData("sleep 300 & echo $! >$PIDFILE")] // which leaves a process that holds the pipe
    [InlineData("(setsid sleep 300 & echo $! >$PIDFILE; wait)")]
    public async Task When_its_time_is_up_the_whole_tree_ends(string script)
    {
        var failure = await Assert.ThrowsAsync<ProgramException>(() =>
            (Shell(script) with { Limit = Short }).RunAsync(Cancellation));
        Assert.EndsWith(" did not end within 2 s", failure.Message, StringComparison.Ordinal);
        await Eventually.True(() => !ProcessTable.IsAlive(Pid()));
    }

    [Fact]
    public async Task When_its_result_is_not_wanted_any_more_the_whole_tree_ends()
    {
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = Shell("sleep 300 & echo $! >$PIDFILE; wait").RunAsync(unwanted.Token);
        await Eventually.True(() => File.Exists(PidFile) && new FileInfo(PidFile).Length > 0);
        await unwanted.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.True(() => !ProcessTable.IsAlive(Pid()));
    }

    [Fact]
    public async Task A_program_that_writes_without_end_is_killed()
    {
        var failure = await Assert.ThrowsAsync<ProgramException>(() => new ProgramRun("yes", [], Long).RunAsync(Cancellation));
        Assert.Equal("yes wrote more than 67108864 bytes", failure.Message);
    }

    [Fact]
    public async Task Complaints_without_end_end_with_its_time_and_their_last_lines_are_told()
    {
        var failure = await Assert.ThrowsAsync<ProgramException>(() =>
            (Shell("yes >&2") with { Limit = Short }).RunAsync(Cancellation));
        Assert.Equal("sh -c yes >&2 did not end within 2 s: y y y y y", failure.Message);
    }

    [Fact]
    public async Task Input_and_output_larger_than_memory_stream()
    {
        const long Size = 300_000_000;
        long read = 0;
        var copy = new ProgramRun("cat", [], Long)
        {
            Input = (stream, token) => WriteAsync(stream, Size, token),
            Output = async (stream, token) => read = await CountAsync(stream, token),
        };
        Assert.Empty(await copy.OutputAsync(Cancellation));
        Assert.Equal(Size, read);
    }

    [Fact]
    public async Task A_program_need_not_read_what_it_is_given()
    {
        var run = new ProgramRun("true", [], Long) { Input = (stream, token) => WriteAsync(stream, 10_000_000, token) };
        Assert.Equal(0, (await run.RunAsync(Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Without_input_a_program_reads_nothing() =>
        Assert.Equal("0\n", (await new ProgramRun("wc", ["-c"], Long).RunAsync(Cancellation)).Text);

    [Fact]
    public async Task What_goes_wrong_with_the_reader_of_the_output_is_the_callers()
    {
        var run = new ProgramRun("yes", [], Long) { Output = (_, _) => throw new InvalidDataException("no yes") };
        Assert.Equal("no yes", (await Assert.ThrowsAsync<InvalidDataException>(() => run.RunAsync(Cancellation))).Message);
    }

    [Fact]
    public async Task A_program_dies_with_us() => Assert.Contains(
        "Parent death signal: KILL",
        (await new ProgramRun("setpriv", ["--dump"], Long).RunAsync(Cancellation)).Text,
        StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task A_program_does_not_die_with_the_thread_that_asked_for_it()
    {
        Task<ProgramResult>? running = null;
        var thread = new Thread(() =>
            running = Shell("echo $$ >$PIDFILE; until [ -e $PIDFILE.go ]; do sleep 0.01; done").RunAsync(Cancellation));
        thread.Start();
        thread.Join();
        await Eventually.True(() => File.Exists(PidFile));
        await File.WriteAllTextAsync($"{PidFile}.go", "", Cancellation);
        Assert.Equal(0, (await running!).ExitCode);
    }

    private static async Task<(int ExitCode, string LastError)> ResultAsync(ProgramRun run)
    {
        var result = await run.RunAsync(Cancellation);
        return (result.ExitCode, result.Errors.Trim().Split('\n')[^1]);
    }

    private static async Task WriteAsync(Stream stream, long size, CancellationToken cancellation)
    {
        var block = new byte[1_000_000];
        for (; size > 0; size -= block.Length)
        {
            await stream.WriteAsync(block, cancellation);
        }
    }

    private static async Task<long> CountAsync(Stream stream, CancellationToken cancellation)
    {
        var block = new byte[1_000_000];
        long count = 0;
        for (int read; (read = await stream.ReadAsync(block, cancellation)) > 0; count += read)
        {
        }

        return count;
    }

    private int Pid() => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    private ProgramRun Shell(string script) => new("sh", ["-c", script], Long)
    {
        Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["PIDFILE"] = PidFile },
    };
}
