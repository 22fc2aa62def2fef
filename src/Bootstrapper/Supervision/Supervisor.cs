using System.ComponentModel;
using Bootstrapper.Host;

namespace Bootstrapper.Supervision;

/// <summary>
/// Keeps one child running from <see cref="Start"/> to <see cref="StopAsync"/>. A child that exits is started again after
/// a back-off; one that is to stop is asked to, and then made to.
/// </summary>
/// <param name="logger">Of the child's own category: what is said here is about that child.</param>
internal sealed partial class Supervisor(
    ServiceSpec spec, ProgramStarter starter, Backoff backoff, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _interrupt = new();
    private bool _stopping;

    public ServiceSpec Spec => spec;

    /// <summary>Completes when the child answered for the first time.</summary>
    public Task FirstReady => _firstReady.Task;

    /// <summary>Completes after <see cref="StopAsync"/>, whatever happens to the child and to us.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>To be called where it does not run.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _stopping = false;
        }

        Running = RunAsync();
    }

    /// <summary>Returns when the child is gone.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            _interrupt.TrySetResult();
        }

        return Running;
    }

    /// <summary>
    /// The child is stopped and started again at once; one that waits for its back-off does not wait any longer.
    /// </summary>
    public void RequestRestart()
    {
        lock (_gate)
        {
            _interrupt.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (BeginRound() is { } interrupt)
        {
            var began = time.GetTimestamp();
            await TryOnceAsync(interrupt.Task);
            if (!interrupt.Task.IsCompleted)
            {
                failures = backoff.Count(failures, time.GetElapsedTime(began));
                await BackOffAsync(backoff.After(failures), interrupt.Task);
            }
        }

        NoteStopped();
    }

    /// <returns>What ends the round early; <c>null</c> when there is to be no other round.</returns>
    private TaskCompletionSource? BeginRound()
    {
        lock (_gate)
        {
            return _stopping ? null : _interrupt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What fails here is ours and not the child's, and must not leave the network without it.</summary>
    private async Task TryOnceAsync(Task interrupt)
    {
        try
        {
            await RunOnceAsync(interrupt);
        }
#pragma warning disable CA1031 // Whatever it is, the child is started again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Enter(_status with { State = ServiceState.Failed, LastExitCode = null, LastError = e.Message });
            LogBroken(e, spec.Name);
        }
    }

    private async Task RunOnceAsync(Task interrupt)
    {
        if (await LaunchAsync() is not { } launched)
        {
            return;
        }

        using var child = launched;
        var hangs = false;
        try
        {
            hangs = await AttendAsync(child, interrupt);
        }
        finally
        {
            await EndAsync(child, hangs);
        }
    }

    /// <summary>Returns when the child ended, or is to end.</summary>
    /// <returns>Whether it hangs: there is no use in asking it to stop.</returns>
    private async Task<bool> AttendAsync(Child child, Task interrupt)
    {
        using var attending = new CancellationTokenSource();
        var hanging = HangsAsync(child, attending.Token);
        await Task.WhenAny(child.Ended, interrupt, hanging);
        await attending.CancelAsync();
        return await hanging;
    }

    /// <returns><c>null</c> when it cannot be started.</returns>
    private async Task<Child?> LaunchAsync()
    {
        try
        {
            NoteStarting();
            var program = ProgramPath.Find(spec.FileName)
                ?? throw new FileNotFoundException($"{spec.FileName}: not found; is it installed?");
            spec.Prepare();
            spec.User?.TakeOver();
            var child = await Child.StartAsync(spec, program, starter, logger);
            NoteStarted(child.Pid);
            return child;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            NoteFailed(failure.Message);
            return null;
        }
    }

    private async Task EndAsync(Child child, bool hangs)
    {
        NoteEnding();
        var byItself = hangs || child.Ended.IsCompleted;
        if (!await child.StopAsync(hangs ? TimeSpan.Zero : spec.StopGrace, time) && !hangs)
        {
            LogKilled(spec.Name, spec.StopGrace);
        }

        NoteEnded(byItself, await child.Ended, child.LastErrorLine);
    }

    private async Task BackOffAsync(TimeSpan delay, Task interrupt)
    {
        LogStartingAgain(spec.Name, delay);
        await interrupt.WaitAsync(delay, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
