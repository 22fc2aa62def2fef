using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Http;

/// <summary>
/// What is written on a connection goes to its socket at once: memory, and files, whose bytes the kernel takes from where it has
/// them (sendfile(2)). Kestrel counts, times and cuts both alike: to it, a file is memory of that length, which nobody fills and
/// nobody reads.
/// </summary>
/// <remarks>Not below TLS: there the bytes have to be encrypted on the way.</remarks>
internal sealed partial class SocketOutput : PipeWriter
{
    /// <summary>So much of a file is written at once.</summary>
    internal const int Most = 256 * 1024;

    /// <summary>Of a page: so little is copied, each time that the socket has to be waited for.</summary>
    private const int Piece = 4096;

    /// <summary>Stands for the bytes of files.</summary>
    private static readonly byte[] Unread = GC.AllocateUninitializedArray<byte>(Most);

    private readonly Socket _socket;
    private readonly PipeWriter _memory;
    private SafeFileHandle? _file;
    private long _offset;
    private int _unsent;

    public SocketOutput(Socket socket)
    {
        _socket = socket;
        _memory = Create(new NetworkStream(socket, ownsSocket: false), new StreamPipeWriterOptions(minimumBufferSize: 16 * 1024));
        socket.Blocking = false; // sendfile(2) must not wait; after the stream is made, which refuses such a socket
    }

    /// <summary>Why nothing can be sent any more. Nothing that is written after it, or has been, is.</summary>
    public Exception? Failure { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _memory.UnflushedBytes + _unsent;

    /// <summary>Puts one below HTTP on each connection, where whoever answers finds it among the features.</summary>
    public static ConnectionDelegate Below(ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        var output = new SocketOutput(connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket);
        connection.Features.Set(output);
        connection.Transport = new Duplex(transport.Input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
            output.Complete(new ConnectionAbortedException()); // what was not flushed is of an answer that came to nothing
        }
    };

    /// <summary>Sends a part of a file, or fails for good: see <see cref="Failure"/>.</summary>
    /// <param name="body">Of the answer, on this connection. Its head is written, and tells the length.</param>
    public async Task SendAsync(
        PipeWriter body, SafeFileHandle file, long offset, long count, CancellationToken cancellation)
    {
        (_file, _offset) = (file, offset);
        try
        {
            for (var left = count; left > 0 && Failure is null; left -= Most)
            {
                var size = (int)Math.Min(left, Most);
                body.GetMemory(size);
                body.Advance(size);
                await body.FlushAsync(cancellation);
            }
        }
        finally
        {
            Failure ??= _unsent > 0 ? new OperationCanceledException(cancellation) : null;
            _file = null;
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _file is null ? _memory.GetMemory(sizeHint) : Unread.AsMemory(0, Math.Max(sizeHint, 1));

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_file is null)
        {
            _memory.Advance(bytes);
        }
        else
        {
            _unsent += bytes;
        }
    }

    /// <summary>Kestrel expects of it that it never throws; that the other end is gone it is told by the result.</summary>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (Failure is null)
            {
                var flushed = await _memory.FlushAsync(cancellationToken);
                while (_unsent > 0)
                {
                    _unsent -= await SendSomeAsync(_file!, cancellationToken);
                }

                return flushed;
            }
        }
#pragma warning disable CA1031 // Whatever it is: with what would be sent after it, the answer would be whole in length and wrong.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Failure = e;
        }

        return new FlushResult(isCanceled: false, isCompleted: true);
    }

    public override void CancelPendingFlush() => _memory.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _memory.Complete(exception);

    /// <summary>
    /// Where sendfile(2) takes nothing, whyever, a piece goes the ordinary way: it waits until the socket takes more, works with
    /// every file system, and says what is wrong with the file or the socket.
    /// </summary>
    /// <returns>How much was sent.</returns>
    private async ValueTask<int> SendSomeAsync(SafeFileHandle file, CancellationToken cancellation)
    {
        if (Sendfile(_socket.SafeHandle, file, ref _offset, _unsent) is > 0 and var sent)
        {
            return (int)sent;
        }

        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            var read = RandomAccess.Read(file, piece.AsSpan(0, Math.Min(_unsent, Piece)), _offset);
            var copied = read > 0
                ? await _socket.SendAsync(piece.AsMemory(0, read), cancellation)
                : throw new EndOfStreamException("the file became shorter while it was sent");
            _offset += copied;
            return copied;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Sendfile(SafeSocketHandle to, SafeFileHandle from, ref long offset, nint count);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
