using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

/// <summary>Whoever sends a byte now and then holds a connection, and what waits for the rest of the body.</summary>
[Trait("Category", "Slow")]
public sealed class SlowBodyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_comes_too_slowly_is_cut(bool overTls)
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await client.ConnectAsync(IPAddress.Loopback, overTls ? daemon.HttpsPort : daemon.Port, Cancellation);
        await using var stream = await OpenAsync(client, overTls ? daemon.Tls() : null);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/report/{Sample.Node(1).Mac} HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"),
            Cancellation);

        var since = Stopwatch.StartNew();
        using var reader = new StreamReader(stream);
        var answer = reader.ReadLineAsync(Cancellation).AsTask();
        while (await Task.WhenAny(answer, Task.Delay(100, Cancellation)) != answer && since.Elapsed < TimeSpan.FromMinutes(1))
        {
            await stream.WriteAsync("x"u8.ToArray(), Cancellation);
        }

        Assert.True(answer.IsCompleted, "it was read on for a minute");
        Assert.Equal("HTTP/1.1 408 Request Timeout", await answer);
        Assert.Contains("invalid request", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal); // and it hung up
    }

    private static async Task<Stream> OpenAsync(TcpClient client, SslClientAuthenticationOptions? tls)
    {
        if (tls is null)
        {
            return client.GetStream();
        }

        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(tls, Cancellation);
        return stream;
    }
}
