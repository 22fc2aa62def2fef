using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Bootstrapper.Host;

/// <summary>What .NET does not say of a pipe.</summary>
internal static partial class Pipes
{
    /// <summary>Linux, asm-generic/ioctls.h: of a pipe, at either end, how many octets wait in it.</summary>
    private const nuint CountUnread = 0x541b;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when whoever is at the other end has read all that was written.</summary>
    /// <param name="input">Of a child process.</param>
    public static async Task DrainAsync(Stream input, CancellationToken cancellation)
    {
        while (Unread((PipeStream)input) > 0)
        {
            await Task.Delay(Look, cancellation);
        }
    }

    private static int Unread(PipeStream pipe) => InputOutputControl(pipe.SafePipeHandle, CountUnread, out var octets) == 0
        ? octets
        : throw new IOException("a pipe does not say what is in it", new Win32Exception(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int InputOutputControl(SafeHandle file, nuint request, out int answer);
}
