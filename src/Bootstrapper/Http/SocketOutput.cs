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

    /// <summary>
    /// Of a page: so little is copied, each time that the socket has to be waited for; and so little is sent alone in the end,
    /// when what was before it is known to be sent, for <see cref="AnswerEnd"/> takes who has the last of it to have all.
    /// </summary>
    private const int Piece = 4096;

    /// <summary>In ms: so long a thread is kept from others.</summary>
    private const int Turn = 10;

    /// <summary>Stands for the bytes of files.</summary>
    private static readonly byte[] Unread = new byte[Most];

    private readonly Socket _socket;
    private readonly PipeWriter _memory;
    private SafeFileHandle? _file;
    private long _offset, _turnEnds;
    private int _unsent;
    private volatile bool _flushing;

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
            // What was not flushed is of an answer that came to nothing.
            await output.CompleteAsync(new ConnectionAbortedException());
        }
    };

    /// <summary>
    /// Sends a part of a file, or fails for good: see <see cref="Failure"/>. What was sent the file's own offset tells, and not
    /// Kestrel: to an answer that it has cut, it lets one write on, and sends nothing.
    /// </summary>
    /// <param name="body">Of the answer, on this connection. Its head is written, and tells the length.</param>
    public async Task SendAsync(
        PipeWriter body, SafeFileHandle file, long offset, long count, CancellationToken cancellation)
    {
        (_file, _offset) = (file, offset);
        var (next, end) = (offset, offset + count);
        try
        {
            while (next < end && _offset == next && Failure is null)
            {
                var rest = end - next;
                var size = (int)Math.Min(rest > Piece ? rest - Piece : rest, Most);
                body.GetMemory(size);
                body.Advance(size);
                await body.FlushAsync(cancellation);
                next += size;
            }
        }
        finally
        {
            Failure ??= _offset < end ? new ConnectionAbortedException("the answer was cut") : null;
            _file = null;
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _file is null ? _memory.GetMemory(sizeHint) : Unread;

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

    /// <summary>
    /// Kestrel expects of it that it throws nothing but that it was cancelled; that the other end is gone it is told by the
    /// result.
    /// </summary>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (Failure is not null)
        {
            return new FlushResult(isCanceled: false, isCompleted: true);
        }

        _flushing = true;
        try
        {
            var flushed = await _memory.FlushAsync(cancellationToken);
            await SendUnsentAsync(cancellationToken);
            return flushed;
        }
#pragma warning disable CA1031 // Whatever it is: with what would be sent after it, the answer would be whole in length and wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure = e;
            cancellationToken.ThrowIfCancellationRequested();
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            _flushing = false;
        }
    }

    public override void CancelPendingFlush() => _memory.CancelPendingFlush();

    /// <summary>
    /// Memory that is still being sent is not given back: what another answer puts there would go to this client.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
        if (!_flushing)
        {
            _memory.Complete(exception);
        }
    }

    /// <summary>
    /// Who takes all that the disk gives would keep a thread to itself for as long as its file lasts: after a turn the others
    /// have theirs.
    /// </summary>
    private async ValueTask SendUnsentAsync(CancellationToken cancellation)
    {
        while (_unsent > 0)
        {
            var sent = Sendfile(_socket.SafeHandle, _file!, ref _offset, _unsent);
            _unsent -= sent > 0 ? (int)sent : await SendPieceAsync(_file!, cancellation);
            if (sent <= 0)
            {
                _turnEnds = Environment.TickCount64 + Turn;
            }
            else if (Environment.TickCount64 > _turnEnds)
            {
                await Task.Yield();
                _turnEnds = Environment.TickCount64 + Turn;
            }
        }
    }

    /// <summary>
    /// Where sendfile(2) takes nothing, whyever, a piece goes the ordinary way: it waits until the socket takes more, works with
    /// every file system, and says what is wrong with the file or the socket.
    /// </summary>
    /// <returns>How much was sent.</returns>
    private async ValueTask<int> SendPieceAsync(SafeFileHandle file, CancellationToken cancellation)
    {
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
