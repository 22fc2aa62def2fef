using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Bootstrapper.Supervision;

/// <summary>
/// Reads the lines that a child writes, many at a time. dnsmasq writes some 25 for one DHCP exchange, each by itself: to wake up
/// for every one costs twenty times what is done with them.
/// </summary>
internal static partial class ChildLines
{
    /// <summary>In characters. A longer line is taken in pieces.</summary>
    internal const int LongestLine = 32 * 1024;

    /// <summary>In bytes: what a user may have (pipe(7)), and dnsmasq writes in half a second at most.</summary>
    private const int PipeSize = 1024 * 1024;

    /// <summary>fcntl(2), F_SETPIPE_SZ.</summary>
    private const int SetPipeSize = 1031;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// On a thread of its own: where the runtime waits for a pipe, it wakes up for each write, whether anybody reads or not.
    /// </summary>
    /// <returns>Completes when nobody can write to the pipe any more, and every line was taken.</returns>
    /// <param name="enough">Ends the wait, and lets the thread end as soon as anything is written.</param>
    public static Task ReadAsync(StreamReader output, Action<ReadOnlySpan<char>> take, CancellationToken enough) =>
        Task.Factory.StartNew(
            () => Read(output, take, enough), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(enough);

    private static void Read(StreamReader output, Action<ReadOnlySpan<char>> take, CancellationToken enough)
    {
        using var _ = output;
        Enlarge(output.BaseStream);
        var buffer = new char[LongestLine];
        var kept = 0;
        while (output.Read(buffer.AsSpan(kept)) is > 0 and var count && !enough.IsCancellationRequested)
        {
            var filled = kept + count;
            kept = TakeLines(buffer, filled, take);
            if (filled < LongestLine)
            {
                Thread.Sleep(Gather);
            }
        }

        TakeRest(buffer.AsSpan(0, kept), take);
    }

    /// <summary>What a line without an end has is moved to the start of the buffer.</summary>
    /// <returns>How much that is.</returns>
    private static int TakeLines(Span<char> buffer, int filled, Action<ReadOnlySpan<char>> take)
    {
        var rest = buffer[..filled];
        while (rest.IndexOf('\n') is >= 0 and var end)
        {
            take(rest[..end].TrimEnd('\r'));
            rest = rest[(end + 1)..];
        }

        if (rest.Length == LongestLine)
        {
            TakeRest(rest, take);
            return 0;
        }

        rest.CopyTo(buffer);
        return rest.Length;
    }

    private static void TakeRest(ReadOnlySpan<char> rest, Action<ReadOnlySpan<char>> take)
    {
        if (rest.Length > 0)
        {
            take(rest);
        }
    }

    /// <summary>So that the child need not wait for us. Where it is refused, the pipe holds 64 KiB as ever.</summary>
    private static void Enlarge(Stream output)
    {
        if (output is PipeStream pipe)
        {
            _ = Control(pipe.SafePipeHandle, SetPipeSize, PipeSize);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeHandle file, int command, int argument);
}
