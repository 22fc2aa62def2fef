using System.ComponentModel;
using System.Diagnostics;

namespace Bootstrapper.Registry;

/// <summary>A program that does one thing and ends. It is killed when its result is not wanted any more, and when we die.</summary>
/// <remarks>
/// The kernel sends the parent-death signal when the thread that forked ends (prctl(2), PR_SET_PDEATHSIG). So each program
/// has a thread, which does nothing but wait for it.
/// </remarks>
internal sealed record OneShot(string Program, IReadOnlyList<string> Arguments)
{
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Added to our own; an empty value takes a variable away.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <exception cref="IOException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public async Task<OneShotResult> RunAsync(CancellationToken cancellation)
    {
        var (process, exitCode) = await StartAsync();
        using var _ = process;
        await using var killed = cancellation.Register(() => process.Kill(entireProcessTree: true));
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        var result = new OneShotResult(await exitCode, output.ToArray(), (await errors).Trim());
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private async Task<(Process Process, Task<int> ExitCode)> StartAsync()
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Attend(started, exited)) { IsBackground = true, Name = Program }.Start();
        return (await started.Task, exited.Task);
    }

    private void Attend(TaskCompletionSource<Process> started, TaskCompletionSource<int> exited)
    {
        try
        {
            var process = Process.Start(Command())!;
            started.SetResult(process);
            process.WaitForExit();
            exited.SetResult(process.ExitCode);
        }
        catch (Win32Exception failure)
        {
            started.SetException(new IOException($"{Program} cannot be started: {failure.Message}", failure));
        }
    }

    private ProcessStartInfo Command()
    {
        var command = new ProcessStartInfo("setpriv", ["--pdeathsig=KILL", "--no-new-privs", "--", Program, .. Arguments])
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            command.Environment[name] = value.Length == 0 ? null : value;
        }

        return command;
    }
}

/// <summary>How a program ended, and what it wrote.</summary>
/// <param name="ExitCode">128 and the signal's number when a signal ended it.</param>
internal sealed record OneShotResult(int ExitCode, byte[] Output, string Errors);
