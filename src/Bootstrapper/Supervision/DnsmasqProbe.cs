using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Bootstrapper.Supervision;

/// <summary>
/// Asks dnsmasq for a name of ours. One loop of one thread does its DHCP, DNS and TFTP, so that one answer speaks for the three.
/// </summary>
/// <remarks>
/// Not by TFTP: each transfer is logged, and when a rack takes all of its transfers, that is no reason to end it.
/// </remarks>
internal static class DnsmasqProbe
{
    private const int LargestAnswer = 512; // bytes, RFC 1035, 2.3.4

    /// <returns>Whether there is an answer, whatever it says.</returns>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="OperationCanceledException">The answer is not wanted any more.</exception>
    public static async Task<bool> AnswersAsync(IPEndPoint server, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation); // so that nobody else's answer is taken
        var question = Question();
        await socket.SendAsync(question, cancellation);
        var answer = new byte[LargestAnswer];
        while (await socket.ReceiveAsync(answer, cancellation) < 2 || !answer.AsSpan(0, 2).SequenceEqual(question.AsSpan(0, 2)))
        {
        }

        return true;
    }

    /// <summary>The address of <c>bootstrapper</c>, which dnsmasq knows itself (RFC 1035, 4.1): it asks nobody else.</summary>
    private static byte[] Question() =>
    [
        .. RandomNumberGenerator.GetBytes(2), // which question it is
        1, 0, // a question, recursion desired
        0, 1, 0, 0, 0, 0, 0, 0, // one question, nothing else
        12, .. "bootstrapper"u8, 0,
        0, 1, 0, 1, // A, IN
    ];
}
