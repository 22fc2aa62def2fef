using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Host;

/// <summary>
/// Waits on a thread for what comes in by a socket, or for somebody who has something else for that thread to do (poll(2),
/// eventfd(2)).
/// </summary>
internal sealed partial class SocketWait : IDisposable
{
    private const int CloseOnExec = 0x80000, NonBlocking = 0x800; // EFD_CLOEXEC, EFD_NONBLOCK
    private const short In = 1; // POLLIN

    private readonly SafeFileHandle _calls = OpenCounter(0, CloseOnExec | NonBlocking);

    /// <summary>Whoever waits returns, or else who waits next, at once.</summary>
    public void Wake()
    {
        try
        {
            _ = Write(_calls, 1, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // nobody waits any more
        }
    }

    /// <summary>Returns when something came, a socket has an error to tell, or somebody calls; and after that time.</summary>
    public void Until(IReadOnlyList<Socket> sockets, TimeSpan longest)
    {
        Span<Polled> all = stackalloc Polled[sockets.Count + 1];
        for (var i = 0; i < sockets.Count; i++)
        {
            all[i] = new Polled { Descriptor = (int)sockets[i].SafeHandle.DangerousGetHandle(), Wanted = In };
        }

        all[^1] = new Polled { Descriptor = (int)_calls.DangerousGetHandle(), Wanted = In };
        if (Poll(all, (nuint)all.Length, (int)longest.TotalMilliseconds) > 0 && all[^1].Seen != 0)
        {
            _ = Read(_calls, out _, sizeof(ulong));
        }
    }

    public void Dispose() => _calls.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenCounter(uint first, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(SafeFileHandle counter, in ulong more, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeFileHandle counter, out ulong calls, nint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(Span<Polled> descriptors, nuint count, int timeout);

    /// <summary>struct pollfd</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }
}
