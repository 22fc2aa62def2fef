using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// A bootstrapper that answers what it is told to. For each path there are answers one after the other, of which the last stays.
/// </summary>
internal sealed class LyingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Answer>> _answers = new(StringComparer.Ordinal);
    private readonly Task _accepting;

    public LyingServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>In order, such as <c>GET /healthz</c>; of a report, its path and what it says.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public void Answers(string path, params IEnumerable<Answer> answers) => _answers[path] = new(answers);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = connection.GetStream();
            var (method, path, body) = await ReadAsync(stream);
            Requests.Enqueue(method == "POST" ? $"{path} {body}" : $"{method} {path}");
            await SendAsync(stream, Next(path, stays: method == "HEAD"), headOnly: method == "HEAD");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or the test is over.
        }
    }

    private Answer Next(string path, bool stays) => !_answers.TryGetValue(path, out var left) ? Answer.Error(404)
        : !stays && left.Count > 1 && left.TryDequeue(out var next) ? next
        : left.TryPeek(out var last) ? last : Answer.Error(404);

    private async Task<(string Method, string Path, string Body)> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var request = (await reader.ReadLineAsync(_stop.Token) ?? throw new IOException("nothing was asked")).Split(' ');
        var length = 0;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(header["Content-Length:".Length..], CultureInfo.InvariantCulture);
            }
        }

        var body = new char[length];
        await (length > 0 ? reader.ReadBlockAsync(body, _stop.Token) : ValueTask.FromResult(0)); // none would wait for more
        return (request[0], request[1], new string(body));
    }

    private async Task SendAsync(NetworkStream stream, Answer answer, bool headOnly)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer.Status == 0 ? "" : Head(answer)), _stop.Token);
        if (!headOnly)
        {
            await stream.WriteAsync(answer.Body, _stop.Token);
            await Task.Delay(answer.Hangs ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, _stop.Token);
        }
    }

    private static string Head(Answer answer) =>
        $"HTTP/1.1 {answer.Status} Said\r\nContent-Type: {answer.Type}\r\nContent-Length: {answer.Length}\r\n"
        + (answer.Date is { } date ? $"Date: {date:R}\r\n" : "") + "Connection: close\r\n\r\n";
}
