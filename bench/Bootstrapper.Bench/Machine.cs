using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bootstrapper.Bench;

/// <summary>
/// A machine that asks from its own address, and does as little as it can with the answer: it shares the processors with the
/// daemon.
/// </summary>
internal sealed class Machine : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray(), Length = "Content-Length: "u8.ToArray(),
        Chunked = "Transfer-Encoding: chunked"u8.ToArray(), LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[128 << 10];
    private readonly IPEndPoint _daemon;

    public Machine(int node, int httpPort)
    {
        _socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(node >> 8), (byte)node]), 0));
        _daemon = new IPEndPoint(IPAddress.Loopback, httpPort);
    }

    public static string Mac(int node) =>
        string.Create(CultureInfo.InvariantCulture, $"52:54:00:{node >> 16 & 0xff:x2}:{node >> 8 & 0xff:x2}:{node & 0xff:x2}");

    /// <returns>How long the answer was, in bytes, its head aside. Where it comes in chunks, what frames them counts.</returns>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<int> AskAsync(string path)
    {
        if (!_socket.Connected)
        {
            await _socket.ConnectAsync(_daemon);
        }

        await _socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n"));
        var (have, head) = (0, -1);
        while (head < 0)
        {
            have += await ReceiveAsync(have);
            head = _buffer.AsSpan(0, have).IndexOf(EndOfHead);
        }

        if (!_buffer.AsSpan(0, head).StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(_buffer.AsSpan(0, head)));
        }

        if (_buffer.AsSpan(0, head).IndexOf(Chunked) >= 0)
        {
            while (!_buffer.AsSpan(0, have).EndsWith(LastChunk))
            {
                have += await ReceiveAsync(have);
            }

            return have - head - EndOfHead.Length;
        }

        var length = LengthIn(_buffer.AsSpan(0, head));
        for (var left = length - (have - head - EndOfHead.Length); left > 0;)
        {
            left -= await ReceiveAsync(0);
        }

        return length;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReceiveAsync(int at) => await _socket.ReceiveAsync(_buffer.AsMemory(at)) is > 0 and var received
        ? received
        : throw new InvalidOperationException("the daemon closed the connection");

    private static int LengthIn(ReadOnlySpan<byte> head)
    {
        var digits = head[(head.IndexOf(Length) + Length.Length)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }
}
