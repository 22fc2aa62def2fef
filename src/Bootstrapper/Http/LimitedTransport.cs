using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Bootstrapper.Http;

/// <summary>
/// Kestrel's sockets within <see cref="ConnectionLimits"/>. One too many is closed before the next is accepted, and before
/// anything is allocated for it: however many come, the descriptors and the memory for all else stay.
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
    /// <summary>
    /// Connections that are not open yet. With one more the kernel answers by SYN cookies, which keep no first frame, and nodes
    /// are denied. The kernel takes no more than <c>net.core.somaxconn</c>, which is 4,096, too, since Linux 5.4.
    /// </summary>
    internal const int MostHalfOpen = 4096;

    /// <summary>
    /// How often a first frame is answered again that nothing follows: after 7 s, and not 63 s, its place is free (tcp(7),
    /// TCP_SYNCNT; of a socket that listens it counts the answers).
    /// </summary>
    internal const int Retries = 2;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger<LimitedTransport>());
        var socket = Listen(endpoint, out var keepsSyn);
        return ValueTask.FromResult<IConnectionListener>(new Listener(socket, keepsSyn, connections, admits, limits));
    }

    /// <summary>What is set here is set for the sockets that it accepts (tcp(7)).</summary>
    private Socket Listen(EndPoint endpoint, out bool keepsSyn)
    {
        const int SynCount = 7; // TCP_SYNCNT
        const int UserTimeout = 18; // TCP_USER_TIMEOUT: it counts while the other end's window is shut, too
        try
        {
            var socket = options.Value.CreateBoundListenSocket(endpoint);
            Set(socket, UserTimeout, (int)stall.TotalMilliseconds);
            Set(socket, SynCount, Retries);
            socket.NoDelay = true;
            keepsSyn = KeptSyn.TryAsk(socket);
            socket.Listen(MostHalfOpen);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }
    }

    private static void Set(Socket socket, int option, int value)
    {
        Span<byte> octets = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(octets, value);
        socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, option, octets);
    }

    private sealed class Listener(
        Socket listening,
        bool keepsSyn,
        SocketConnectionContextFactory connections,
        Func<Socket, bool> admits,
        ConnectionLimits limits)
        : IConnectionListener
    {
        /// <summary>After an accept that failed: descriptors may be short.</summary>
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

        public EndPoint EndPoint { get; } = listening.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var socket = await listening.AcceptAsync(cancellationToken);
                    if (Admit(socket) is { } connection)
                    {
                        return connection;
                    }
                }
                catch (Exception e) when (e is ObjectDisposedException
                    or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (SocketException)
                {
                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            listening.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <returns><c>null</c> where it was closed, by the other end or as one too many.</returns>
        private Counted? Admit(Socket socket)
        {
            IPAddress? entered = null;
            try
            {
                var from = SourceOf(socket);
                if (admits(socket) && limits.TryEnter(from))
                {
                    entered = from;
                    var opening = keepsSyn ? KeptSyn.Of(socket) : null;
                    var connection = new Counted(connections.Create(socket), () => limits.Leave(from));
                    connection.Features.Set(opening);
                    return connection;
                }

                socket.Close(timeout: 0);
            }
#pragma warning disable CA1031 // Whatever it is, what is thrown here would end the listener: nobody could connect any more.
            catch (Exception)
#pragma warning restore CA1031
            {
                socket.Dispose();
                if (entered is not null)
                {
                    limits.Leave(entered);
                }
            }

            return null;
        }

        /// <summary>The loopback for what this machine sends to its own address: those connections are not limited.</summary>
        private static IPAddress SourceOf(Socket socket)
        {
            var (from, to) = (((IPEndPoint)socket.RemoteEndPoint!).Address, ((IPEndPoint)socket.LocalEndPoint!).Address);
            return from.Equals(to) ? IPAddress.Loopback : from;
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
