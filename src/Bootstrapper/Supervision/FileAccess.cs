using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bootstrapper.Supervision;

/// <summary>Which files a child may open, each directory with all below it. Whose they are is asked besides.</summary>
internal sealed record FileAccess(IReadOnlyList<string> Reads, IReadOnlyList<string> Writes)
{
    /// <summary>Programs, their libraries, and the few settings that these read; nothing that anybody hides there.</summary>
    private static readonly string[] Programs =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib64", "/proc", "/sys", "/etc/ld.so.cache", "/etc/localtime",
        "/etc/nsswitch.conf", "/etc/hosts", "/etc/resolv.conf", "/etc/ethers", "/etc/services",
    ];

    /// <summary>Beside those of programs, and of this one, whose thread it is that starts the child.</summary>
    public static FileAccess Of(IEnumerable<string> reads, IEnumerable<string> writes) => new(
        [.. Programs, AppContext.BaseDirectory, RuntimeEnvironment.GetRuntimeDirectory(), .. reads],
        ["/dev", .. writes]);

    /// <summary>
    /// Starts a process from a thread of its own, which lives as long as the process: see <see cref="Host.ProgramStarter"/>.
    /// </summary>
    /// <returns>What <paramref name="start"/> returned, or throws what it threw.</returns>
    public Task<Process> StartAsync(Func<Process> start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(start, started)) { IsBackground = true, Name = nameof(FileAccess) }.Start();
        return started.Task;
    }

    private void Run(Func<Process> start, TaskCompletionSource<Process> started)
    {
        try
        {
            Landlock.Confine(this);
            var process = start();
            started.SetResult(process);
            process.WaitForExit();
        }
#pragma warning disable CA1031 // Whatever went wrong goes to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            started.TrySetException(exception);
        }
    }
}
