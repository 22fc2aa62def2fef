using System.Collections.Concurrent;

namespace Bootstrapper.Host;

/// <summary>
/// Starts processes from one thread that lives as long as we do. The kernel sends the parent-death signal when the
/// thread that forked ends (prctl(2), PR_SET_PDEATHSIG), and threads of the pool end whenever the pool likes.
/// </summary>
internal sealed class ProgramStarter : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public ProgramStarter()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = nameof(ProgramStarter) };
        thread.Start();
    }

    /// <param name="start">Starts a process and returns; whatever it throws is the caller's.</param>
    public Task<T> StartAsync<T>(Func<T> start)
    {
        var started = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Start(start, started));
        return started.Task;
    }

    /// <summary>Ends the thread, and with it every process that still runs.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var start in _work.GetConsumingEnumerable())
        {
            start();
        }

        _work.Dispose();
    }

    private static void Start<T>(Func<T> start, TaskCompletionSource<T> started)
    {
        try
        {
            started.SetResult(start());
        }
#pragma warning disable CA1031 // Whatever went wrong goes to the caller; if it ended this thread, it would end all processes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            started.SetException(exception);
        }
    }
}
