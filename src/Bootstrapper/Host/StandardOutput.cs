using System.Runtime.InteropServices;

namespace Bootstrapper.Host;

/// <summary>
/// Whether anybody still reads what we write. .NET leaves out without a word what a closed pipe does not take (EPIPE), so that a
/// program which waits for something to write would wait for ever behind <c>head</c>.
/// </summary>
internal static partial class StandardOutput
{
    private const short Error = 8, HangUp = 16; // poll(2): POLLERR of a pipe that nobody reads

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>Cancels when nobody reads any more; until that is disposed of.</summary>
    public static CancellationTokenSource WhileRead(CancellationToken cancellation)
    {
        var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = WatchAsync(reading, reading.Token);
        return reading;
    }

    private static async Task WatchAsync(CancellationTokenSource reading, CancellationToken token)
    {
        using var timer = new PeriodicTimer(Glance);
        try
        {
            while (await timer.WaitForNextTickAsync(token))
            {
                var output = new Polled { Descriptor = 1 };
                if (Poll(ref output, 1, 0) > 0 && (output.Seen & (Error | HangUp)) != 0)
                {
                    await reading.CancelAsync();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // the command is over
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Polled descriptors, nuint count, int timeout);

    /// <summary>struct pollfd</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }
}
