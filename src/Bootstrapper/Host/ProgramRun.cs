using System.ComponentModel;
using CliWrap;

#pragma warning disable RS0030 // Here, and nowhere else, a program is started that ends by itself.

namespace Bootstrapper.Host;

/// <summary>
/// One run of a program that does one thing and ends, such as git or gpgv. It is killed, with what it started, when its time is
/// up, when it writes too much, and when its result is not wanted any more; and it is killed when we die.
/// </summary>
/// <remarks>Programs that stay until they are asked to stop are children of <c>Supervision</c>.</remarks>
/// <param name="Program">Found as <see cref="ProgramPath"/> does.</param>
/// <param name="Arguments">Everybody on this machine can read them, and messages show them: nothing secret.</param>
/// <param name="Limit">How long it may run.</param>
internal sealed record ProgramRun(string Program, IReadOnlyList<string> Arguments, TimeSpan Limit)
{
    private const int MostOutput = 64 * 1024 * 1024;

    private static readonly ProgramStarter Starter = new();

    /// <summary>The package of Debian that has it.</summary>
    public string Package { get; init; } = Program;

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Added to our own, but for <c>BOOTSTRAPPER_…</c>; <c>null</c> removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } =
        new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Writes its standard input, which is empty otherwise. The program may end before it has read all of it.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Reads its standard output to the end, where that is too large for memory.</summary>
    public Func<Stream, CancellationToken, Task>? Output { get; init; }

    /// <summary>
    /// Whether it is read as it writes: each line when it is complete, though it writes into a pipe (stdbuf(1) of coreutils).
    /// </summary>
    public bool IsFollowed { get; init; }

    /// <summary>Runs a program that has failed when its exit code is not 0.</summary>
    /// <returns>What it wrote to standard output; nothing when <see cref="Output"/> read that.</returns>
    /// <exception cref="ProgramException">It cannot be run, was killed, or failed.</exception>
    /// <exception cref="OperationCanceledException">Its result is not wanted any more.</exception>
    public async Task<byte[]> OutputAsync(CancellationToken cancellation)
    {
        var result = await RunAsync(cancellation);
        return result.ExitCode == 0
            ? result.Output
            : throw new ProgramException(this, $"exited with code {result.ExitCode}", result.Errors);
    }

    /// <summary>Runs a program whose exit code the caller judges.</summary>
    /// <exception cref="ProgramException">It cannot be run, or was killed.</exception>
    /// <exception cref="OperationCanceledException">Its result is not wanted any more.</exception>
    public async Task<ProgramResult> RunAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(Limit);
        var collected = new CollectedOutput(MostOutput, tooMuch: end.Cancel);
        var errors = new LastWords();
        try
        {
            var command = Command(Output ?? collected.ReadAsync, errors.ReadAsync);
            return new ProgramResult(await ExecuteAsync(command, end.Token), collected.ToArray(), $"{errors}");
        }
        catch (Win32Exception e)
        {
            throw new ProgramException(this, "cannot be started", (e.InnerException ?? e).Message);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException && !cancellation.IsCancellationRequested)
        {
            var why = collected.IsTooMuch ? $"wrote more than {MostOutput} bytes" : $"did not end within {Limit.TotalSeconds} s";
            throw new ProgramException(this, why, $"{errors}");
        }
    }

    /// <summary>As a shell would be told, but for quotes.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));

    /// <summary>The tree is killed by then; what its parents had left behind is not.</summary>
    private static async Task<int> ExecuteAsync(Command command, CancellationToken end)
    {
        using var running = await Starter.StartAsync(() => command.ExecuteAsync(end));
        try
        {
            return (await running).ExitCode;
        }
        catch
        {
            Signal.KillGroup(running.ProcessId);
            throw;
        }
    }

    private Command Command(Func<Stream, CancellationToken, Task> output, Func<Stream, CancellationToken, Task> errors)
    {
        var program = ProgramPath.Find(Program)
            ?? throw new ProgramException(this, "cannot be started", $"install Debian's {Package}");
        return new Command("setsid") // a group of its own, so that what it leaves behind can be found
            .WithArguments(["setpriv", "--pdeathsig=KILL", "--no-new-privs", "--", .. Lines(), program, .. Arguments])
            .WithWorkingDirectory(WorkingDirectory)
            .WithEnvironmentVariables(Variables())
            .WithStandardInputPipe(Input is null ? PipeSource.Null : PipeSource.Create(AwayFromStarter(Input)))
            .WithStandardOutputPipe(PipeTarget.Create(AwayFromStarter(output)))
            .WithStandardErrorPipe(PipeTarget.Create(AwayFromStarter(errors)))
            .WithValidation(CommandResultValidation.None);
    }

    private IReadOnlyList<string> Lines() => IsFollowed ? ["stdbuf", "-oL"] : [];

    /// <summary>Whatever we were told by our own variables, a token of an operator's too, is nobody else's.</summary>
    private Dictionary<string, string?> Variables()
    {
        var variables = System.Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("BOOTSTRAPPER_", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
        foreach (var (name, value) in Environment)
        {
            variables[name] = value;
        }

        variables["LC_ALL"] = "C";
        return variables;
    }

    /// <summary>The thread that starts programs does nothing else.</summary>
    private static Func<Stream, CancellationToken, Task> AwayFromStarter(Func<Stream, CancellationToken, Task> pipe) =>
        async (stream, cancellation) =>
        {
            await Task.Yield();
            await pipe(stream, cancellation);
        };
}
