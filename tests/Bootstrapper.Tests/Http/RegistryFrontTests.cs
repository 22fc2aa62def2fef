using System.Net;
using System.Net.Sockets;
using Bootstrapper.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bootstrapper.Tests.Http;

/// <summary>What stands before the registry, with a server in its place that turns every byte round.</summary>
public sealed class RegistryFrontTests : IAsyncLifetime
{
    private readonly TcpListener _registry = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private IConnectionListener _front = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry.Start();
        var front = new RegistryFront(
            (IPEndPoint)_registry.LocalEndpoint,
            new UploadRoom(
                () => throw new InvalidOperationException("we are on this host"),
                TimeProvider.System,
                NullLogger<UploadRoom>.Instance),
            patience: TimeSpan.FromSeconds(1),
            idle: TimeSpan.FromSeconds(2));
        var transport = new LimitedTransport(
            Options.Create(new SocketTransportOptions()),
            NullLoggerFactory.Instance,
            _ => true,
            new ConnectionLimits(1024, _ => Standing.Stranger, TimeProvider.System, NullLogger<ConnectionLimits>.Instance),
            TimeSpan.FromMinutes(1));
        _front = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
        _ = AcceptAsync(front);
        _ = AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _front.UnbindAsync(Cancellation);
        await _front.DisposeAsync();
        _registry.Dispose();
        _over.Dispose();
    }

    [Fact]
    public async Task What_is_sent_arrives_whole_and_so_does_the_answer_after_the_end_of_the_question()
    {
        using var client = await ConnectAsync();
        var sent = new byte[3 * 1024 * 1024];
        Random.Shared.NextBytes(sent);

        var stream = client.GetStream();
        var sending = SendAsync(client, sent);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, Cancellation);

        await sending;
        Assert.Equal(sent.Reverse(), received.ToArray());
    }

    [Fact]
    public async Task Whoever_says_nothing_at_all_or_nothing_more_is_cut_off()
    {
        using var silent = await ConnectAsync();
        using var fallenSilent = await ConnectAsync();
        await fallenSilent.GetStream().WriteAsync(new byte[] { 1 }, Cancellation);

        Assert.All(await Task.WhenAll(EndsAsync(silent), EndsAsync(fallenSilent)), Assert.True);
    }

    [Fact]
    public async Task While_the_registry_is_not_there_connections_are_closed()
    {
        _registry.Stop();

        Assert.True(await IsClosedAsync());
    }

    /// <summary>Perhaps before the client has seen that it was opened.</summary>
    private async Task<bool> IsClosedAsync()
    {
        try
        {
            using var client = await ConnectAsync();
            return await EndsAsync(client);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task AcceptAsync(RegistryFront front)
    {
        while (await _front.AcceptAsync(_over.Token) is { } connection)
        {
            _ = CarryAsync(front, connection);
        }
    }

    private static async Task CarryAsync(RegistryFront front, ConnectionContext connection)
    {
        await front.CarryAsync(connection);
        await connection.DisposeAsync();
    }

    /// <summary>To the end of what it is sent, and then all of it from the last byte to the first.</summary>
    private async Task AnswerAsync()
    {
        while (true)
        {
            var client = await _registry.AcceptTcpClientAsync(_over.Token);
            _ = Task.Run(
                async () =>
                {
                    using var received = new MemoryStream();
                    await client.GetStream().CopyToAsync(received, _over.Token);
                    await client.GetStream().WriteAsync(received.ToArray().AsEnumerable().Reverse().ToArray(), _over.Token);
                    client.Close();
                },
                _over.Token);
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)_front.EndPoint, Cancellation);
        return client;
    }

    private static async Task SendAsync(TcpClient client, byte[] content)
    {
        await client.GetStream().WriteAsync(content, Cancellation);
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static async Task<bool> EndsAsync(TcpClient client)
    {
        try
        {
            var reading = client.GetStream().ReadAsync(new byte[1], Cancellation).AsTask();
            return await reading.WaitAsync(TimeSpan.FromSeconds(20)) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
