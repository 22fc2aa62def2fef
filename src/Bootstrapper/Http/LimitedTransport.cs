using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Bootstrapper.Http;

/// <summary>
/// Kestrel's sockets within <see cref="ConnectionLimits"/>. One too many is closed before the next is accepted, so that however
/// many come, the descriptors for all else stay.
/// </summary>
/// <param name="admits">Whether a connection may be there at all; it is asked first.</param>
/// <param name="stall">
/// After which a connection is cut whose other end acknowledges or reads nothing of what it is sent. A machine that writes its
/// disk reads nothing meanwhile, and must not be cut off for that.
/// </param>
internal sealed class LimitedTransport(
    IOptions<SocketTransportOptions> options,
    ILoggerFactory loggers,
    Func<Socket, bool> admits,
    ConnectionLimits limits,
    TimeSpan stall)
    : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), admits, limits, stall);

    private sealed class Listener(
        IConnectionListener sockets, Func<Socket, bool> admits, ConnectionLimits limits, TimeSpan stall) : IConnectionListener
    {
        private const int UserTimeout = 18; // TCP_USER_TIMEOUT (tcp(7)): it counts while the other end's window is shut, too

        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await sockets.AcceptAsync(cancellationToken) is { } connection)
            {
                if (connection.RemoteEndPoint is not IPEndPoint { Address: var from })
                {
                    return connection;
                }

                var socket = connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
                if (admits(socket) && limits.TryEnter(from))
                {
                    CutWhenStalled(socket);
                    return new Counted(connection, () => limits.Leave(from));
                }

                connection.Abort();
                await connection.DisposeAsync();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();

        private void CutWhenStalled(Socket socket)
        {
            Span<byte> milliseconds = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(milliseconds, (int)stall.TotalMilliseconds);
            try
            {
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeout, milliseconds);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It was closed meanwhile. What is thrown here would end the listener.
            }
        }
    }

    /// <summary>Tells when its socket is closed, which is later than the end of what it carries.</summary>
    private sealed class Counted(ConnectionContext connection, Action closed) : ConnectionContext
    {
        private Action? _closed = closed;

        public override string ConnectionId
        {
            get => connection.ConnectionId;
            set => connection.ConnectionId = value;
        }

        public override IFeatureCollection Features => connection.Features;

        public override IDictionary<object, object?> Items
        {
            get => connection.Items;
            set => connection.Items = value;
        }

        public override IDuplexPipe Transport
        {
            get => connection.Transport;
            set => connection.Transport = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => connection.ConnectionClosed;
            set => connection.ConnectionClosed = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => connection.LocalEndPoint;
            set => connection.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => connection.RemoteEndPoint;
            set => connection.RemoteEndPoint = value;
        }

        public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

        public override void Abort() => connection.Abort();

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await connection.DisposeAsync();
            }
            finally
            {
                Interlocked.Exchange(ref _closed, null)?.Invoke();
                await base.DisposeAsync();
            }
        }
    }
}
