using System.Net;
using System.Net.Sockets;

namespace Bootstrapper.Doctor;

/// <summary>Asks a time server for the time, as a machine does (RFC 4330).</summary>
internal static class NtpProbe
{
    public const int Port = 123;

    private const int PacketLength = 48;

    /// <summary>Version 4, from a client.</summary>
    private const byte Question = 0x23;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <returns>Whether it answered within a second, tried twice, and knows the time itself.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was asked for.</exception>
    public static async Task<bool> AnswersAsync(IPEndPoint server, CancellationToken cancellation) =>
        await AskAsync(server, cancellation) || await AskAsync(server, cancellation);

    private static async Task<bool> AskAsync(IPEndPoint server, CancellationToken cancellation)
    {
        using var socket = new UdpClient(server.AddressFamily);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            socket.Connect(server);
            await socket.SendAsync(new byte[] { Question }.Concat(new byte[PacketLength - 1]).ToArray(), limit.Token);
            return IsTime((await socket.ReceiveAsync(limit.Token)).Buffer);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false; // nobody listens there, or nobody answers
        }
    }

    /// <summary>From a server (mode 4) that has a source of the time: stratum 1 to 15, no alarm in its leap indicator.</summary>
    private static bool IsTime(byte[] answer) =>
        answer.Length >= PacketLength && (answer[0] & 7) == 4 && answer[0] >> 6 != 3 && answer[1] is >= 1 and <= 15;
}
