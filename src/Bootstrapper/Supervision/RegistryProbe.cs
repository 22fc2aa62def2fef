using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Bootstrapper.Supervision;

/// <summary>Asks the registry over TLS for <c>/</c>, which it answers to everybody and without a line in its log.</summary>
internal static class RegistryProbe
{
    /// <returns>Whether there is an answer, whatever it says.</returns>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="IOException">It hung up.</exception>
    /// <exception cref="AuthenticationException">It does not speak TLS.</exception>
    /// <exception cref="OperationCanceledException">The answer is not wanted any more.</exception>
    public static async Task<bool> AnswersAsync(IPEndPoint server, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellation);
#pragma warning disable CA5359 // Whether it answers is the question; whose certificate it shows, those who pull look at.
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = server.Address.ToString() }, cancellation);
        await tls.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellation);
        return await tls.ReadAsync(new byte[1], cancellation) == 1;
    }
}
