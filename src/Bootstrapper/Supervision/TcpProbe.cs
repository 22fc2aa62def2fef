using System.Net;
using System.Net.Sockets;

namespace Bootstrapper.Supervision;

/// <summary>Whether somebody listens. A server that speaks TLS notes the probe as a handshake that broke off.</summary>
internal static class TcpProbe
{
    /// <exception cref="OperationCanceledException">The answer is not wanted any more.</exception>
    public static async Task<bool> AnswersAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
