using System.Diagnostics;
using System.Runtime.InteropServices;
using Bootstrapper.Host;

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
    /// <param name="root">Of which only what is named may be opened, also where it lies below <c>/usr</c> or the like.</param>
    public static FileAccess Of(string root, IEnumerable<string> reads, IEnumerable<string> writes)
    {
        var hidden = RealPath.Of(root);
        return new(
            [
                .. Programs.Append(AppContext.BaseDirectory).Append(RuntimeEnvironment.GetRuntimeDirectory())
                    .SelectMany(path => Beside(hidden, RealPath.Of(path))),
                .. reads,
            ],
            [.. Beside(hidden, "/dev"), .. writes]);
    }

    /// <summary>
    /// A path, or where that would take in what is hidden, all that lies beside it: what Landlock has once allowed it takes back
    /// nowhere below. Links are left out: what they lead to is asked, wherever it is.
    /// </summary>
    private static IEnumerable<string> Beside(string hidden, string path) =>
        path == hidden ? []
        : !IsWithin(hidden, path) ? [path]
        : new DirectoryInfo(path).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null)
            .SelectMany(entry => Beside(hidden, entry.FullName));

    private static bool IsWithin(string path, string directory) =>
        path.StartsWith(directory.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>
    /// Starts a process from a thread of its own, which lives as long as the process: see <see cref="ProgramStarter"/>.
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
