using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bootstrapper.Cli;

/// <summary>
/// Standard output or error, written to as it is. What nobody reads any more is left out without a word, as by .NET's own
/// console: a command before <c>head</c> does not fail.
/// </summary>
internal sealed partial class StandardStream(int descriptor) : Stream
{
    private const int Interrupted = 4, WouldBlock = 11, NobodyReads = 32; // EINTR, EAGAIN, EPIPE

    /// <summary>Where another program has made it not block.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(1);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The disk is full, or the terminal is gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (Write(descriptor, buffer, buffer.Length) is >= 0 and var written)
            {
                buffer = buffer[(int)written..];
            }
            else if (Failed(Marshal.GetLastPInvokeError()))
            {
                return;
            }
        }
    }

    public override void Flush()
    {
        // nothing is kept
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <returns>Whether to leave it at that; otherwise it is to be tried again.</returns>
    private static bool Failed(int error)
    {
        if (error == WouldBlock)
        {
            Thread.Sleep(Again);
        }

        return error switch
        {
            Interrupted or WouldBlock => false,
            NobodyReads => true,
            _ => throw new IOException(new Win32Exception(error).Message, error),
        };
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint length);
}
