using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bootstrapper.Supervision;

/// <summary>
/// Starts processes from one thread that lives as long as we do. The kernel sends the parent-death signal when the
/// thread that forked ends (prctl(2), PR_SET_PDEATHSIG), and threads of the pool end whenever the pool likes.
/// </summary>
internal sealed class ChildLauncher : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public ChildLauncher()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = nameof(ChildLauncher) };
        thread.Start();
    }

    /// <exception cref="System.ComponentModel.Win32Exception">The program is missing, or there is no room for another process.</exception>
    public Task<Process> StartAsync(ProcessStartInfo command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Start(command, started));
        return started.Task;
    }

    /// <summary>Ends the thread, and with it every child that still runs.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var start in _work.GetConsumingEnumerable())
        {
            start();
        }

        _work.Dispose();
    }

    private static void Start(ProcessStartInfo command, TaskCompletionSource<Process> started)
    {
        var process = new Process { StartInfo = command };
        try
        {
            process.Start();
            started.SetResult(process);
        }
#pragma warning disable CA1031 // Whatever went wrong goes to the caller; if it ended this thread, it would end all children.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            process.Dispose();
            started.SetException(exception);
        }
    }
}
