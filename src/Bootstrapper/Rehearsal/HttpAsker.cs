using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// A machine that asks over HTTP from its own address, and does as little as it can with the answer: all machines together share
/// the processors with the bootstrapper.
/// </summary>
/// <param name="network">Where the machine is.</param>
internal sealed class HttpAsker(PlayedNetwork network, IPAddress from, IPEndPoint server) : IDisposable
{
    private const int BufferLength = 32 << 10, LongestText = 1 << 20;

    /// <summary>Of an answer that does not say how long it is, as those that say why something is refused.</summary>
    private const int Chunked = -1;

    /// <summary>curl's in install.sh are as long, for a server that says nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), PatienceOfPost = TimeSpan.FromSeconds(20);

    private Socket? _socket;

    /// <returns><c>null</c> where there was no answer, or not to its end.</returns>
    public Task<HttpAnswer?> GetAsync(string path, CancellationToken cancellation) =>
        AskAsync($"GET {path} HTTP/1.1\r\nHost: {server.Address}\r\n\r\n", keeps: true, Patience, cancellation);

    /// <summary>Counts and digests what comes, and keeps none of it.</summary>
    /// <param name="length">How much of it, from its beginning; all where it is as short.</param>
    /// <inheritdoc cref="GetAsync"/>
    public Task<HttpAnswer?> FetchAsync(string path, long? length, CancellationToken cancellation)
    {
        var range = length is null ? "" : string.Create(CultureInfo.InvariantCulture, $"Range: bytes=0-{length - 1}\r\n");
        return AskAsync($"GET {path} HTTP/1.1\r\nHost: {server.Address}\r\n{range}\r\n", keeps: false, Patience, cancellation);
    }

    /// <inheritdoc cref="GetAsync"/>
    public Task<HttpAnswer?> PostAsync(string path, string type, string body, CancellationToken cancellation) => AskAsync(
        string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {server.Address}\r\nContent-Type: {type}\r\n")
            + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}"),
        keeps: true,
        PatienceOfPost,
        cancellation);

    /// <summary>The next question goes over a new connection.</summary>
    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Close();

    private async Task<HttpAnswer?> AskAsync(string request, bool keeps, TimeSpan patience, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(patience);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var socket = await ConnectedAsync(end.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), end.Token);
            return await ReadAsync(socket, buffer, keeps, end.Token);
        }
        catch (Exception e) when (e is SocketException or InvalidDataException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Close();
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<Socket> ConnectedAsync(CancellationToken end)
    {
        if (_socket is null)
        {
            _socket = network.Socket(SocketType.Stream, ProtocolType.Tcp);
            _socket.NoDelay = true;
            _socket.Bind(new IPEndPoint(from, 0));
            await _socket.ConnectAsync(server, end);
        }

        return _socket;
    }

    private async Task<HttpAnswer> ReadAsync(Socket socket, byte[] buffer, bool keeps, CancellationToken end)
    {
        var (have, head) = (0, -1);
        while (head < 0)
        {
            have += await ReceiveAsync(socket, buffer.AsMemory(have), end);
            head = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
        }

        var headers = Encoding.ASCII.GetString(buffer, 0, head);
        var length = LengthIn(headers);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var text = new MemoryStream();
        var rest = buffer.AsMemory((head + 4)..have);
        for (var left = length; ;)
        {
            digest.AppendData(rest.Span);
            text.Write(keeps ? rest.Span : []);
            left -= rest.Length;
            if (length >= 0 ? left <= 0 : Written(text).EndsWith("0\r\n\r\n"u8) || text.Length > LongestText)
            {
                break;
            }

            rest = buffer.AsMemory(0, await ReceiveAsync(socket, buffer, end));
        }

        if (headers.Contains("\r\nConnection: close", StringComparison.OrdinalIgnoreCase))
        {
            Close();
        }

        return new HttpAnswer(StatusIn(headers), length, digest.GetHashAndReset(), text.ToArray());
    }

    private static ReadOnlySpan<byte> Written(MemoryStream text) => text.GetBuffer().AsSpan(0, (int)text.Length);

    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> into, CancellationToken end) =>
        await socket.ReceiveAsync(into, end) is > 0 and var received
            ? received
            : throw new InvalidDataException("the connection was closed, or the head of the answer does not end");

    private static int StatusIn(string headers) =>
        headers.Length >= 12
            && int.TryParse(headers.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new InvalidDataException("not HTTP");

    /// <returns><see cref="Chunked"/> for one that comes in pieces.</returns>
    private static long LengthIn(string headers)
    {
        const string Name = "\r\nContent-Length: ";
        var at = headers.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return headers.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? Chunked : 0;
        }

        var digits = headers.AsSpan(at + Name.Length);
        var end = digits.IndexOf('\r');
        return long.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }
}

/// <param name="Digest">SHA-256 of what came.</param>
/// <param name="Body">Empty where nobody wanted to keep it.</param>
internal sealed record HttpAnswer(int Status, long Length, byte[] Digest, byte[] Body)
{
    public bool IsGood => Status is 200 or 204 or 206;

    public string Text => Encoding.UTF8.GetString(Body);
}
