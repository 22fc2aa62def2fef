using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// A connection that a test reads from as fast as it likes, and of which it sees each byte. Of what it does not read, little is
/// kept for it.
/// </summary>
internal sealed class FileClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;

    private FileClient(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="tls"><c>null</c> where it speaks without.</param>
    public static async Task<FileClient> ConnectAsync(
        int port, string from = "127.0.0.2", SslClientAuthenticationOptions? tls = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is null)
        {
            return new FileClient(socket, stream);
        }

        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsClientAsync(tls, Cancellation);
        return new FileClient(socket, encrypted);
    }

    /// <param name="requests">Each its first line, and header lines behind it.</param>
    public async Task AskAsync(params IEnumerable<string> requests) => await _stream.WriteAsync(
        Encoding.ASCII.GetBytes(string.Concat(requests.Select(request => $"{request}\r\nHost: x\r\n\r\n"))), Cancellation);

    /// <returns>The status, and the length that it tells.</returns>
    public async Task<(int Status, long Length)> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        var lines = head.ToString().Split("\r\n");
        var length = lines.FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?.Split(' ')[1];
        return (
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            length is null ? 0 : long.Parse(length, CultureInfo.InvariantCulture));
    }

    /// <returns>So many bytes, or those until it was closed.</returns>
    public async Task<byte[]> ReadAsync(long count)
    {
        var bytes = new byte[count];
        try
        {
            return bytes[..await _stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, Cancellation)];
        }
        catch (IOException)
        {
            return []; // reset
        }
    }

    /// <summary>Like a machine whose power fails while it has not read all.</summary>
    public void HangUp() => _socket.Close(timeout: 0);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException)
        {
            // closed by the other end, while this one says goodbye over TLS
        }
    }
}
