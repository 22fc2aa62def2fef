using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Http;
using Bootstrapper.Http.Machines;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Http;

/// <summary>What Kestrel does to an answer whose bytes it does not see: a real one, with limits of the test's.</summary>
[Trait("Category", "Slow")]
public sealed class SocketOutputTests : IAsyncLifetime
{
    private const long Length = 64 * 1024 * 1024;

    private readonly TemporaryDirectory _directory = new();
    private readonly TaskCompletionSource<bool> _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Large => Path.Combine(_directory.Path, "large");

    public async ValueTask InitializeAsync()
    {
        await using var large = File.Create(Large);
        large.SetLength(Length);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _directory.Dispose();
    }

    /// <summary>
    /// 256 KiB at 100 KB a second are 2.6 s. What is not a file has time for what the kernel's buffers took, too.
    /// </summary>
    [Theory]
    [InlineData("/file", 100_000, 2.5)]
    [InlineData("/memory", 10_000_000, 1.4)]
    public async Task Who_reads_nothing_is_cut_by_Kestrel_when_the_time_for_a_piece_is_over(string path, int rate, double seconds)
    {
        await using var client = await ServeAsync(new MinDataRate(rate, TimeSpan.FromSeconds(1.5)));
        var taken = Stopwatch.StartNew();
        await client.AskAsync($"GET {path} HTTP/1.1");
        await AssertCutAsync();
        Assert.InRange(taken.Elapsed, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(30));
        Assert.InRange((await client.ReadAsync(Length)).Length, 0, Length - 1);
    }

    /// <summary>256 KiB at 20 KB a second are 13 s.</summary>
    [Fact]
    public async Task Who_reads_nothing_for_longer_than_the_grace_period_and_then_goes_on_is_not_cut()
    {
        await using var client = await ServeAsync(new MinDataRate(20_000, TimeSpan.FromSeconds(1.5)));
        await client.AskAsync("GET /file HTTP/1.1");
        Assert.Equal((200, Length), await client.ReadHeadAsync());
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal(Length, (await client.ReadAsync(Length)).Length);
        Assert.True(await _sent.Task);
    }

    [Theory]
    [InlineData("/file")]
    [InlineData("/memory")]
    public async Task Who_hangs_up_is_waited_for_no_longer(string path)
    {
        await using var client = await ServeAsync(rate: null);
        await client.AskAsync($"GET {path} HTTP/1.1");
        Assert.Equal((200, Length), await client.ReadHeadAsync());
        client.HangUp();
        await AssertCutAsync();
    }

    [Theory]
    [InlineData("/file")]
    [InlineData("/memory")]
    public async Task Who_reads_nothing_is_cut_when_the_time_for_a_stop_is_over(string path)
    {
        await using var client = await ServeAsync(rate: null);
        await client.AskAsync($"GET {path} HTTP/1.1");
        Assert.Equal((200, Length), await client.ReadHeadAsync());
        await _app!.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await AssertCutAsync();
        Assert.InRange((await client.ReadAsync(Length)).Length, 0, Length - 1);
    }

    /// <summary>As some of /proc: read(2) works, and sendfile(2) does not.</summary>
    [Fact]
    public async Task A_file_system_without_sendfile_is_read()
    {
        const string NotForSendfile = "/proc/self/environ";
        var bytes = await File.ReadAllBytesAsync(NotForSendfile, Cancellation);
        var (output, socket, client) = await ConnectAsync();
        using var file = File.OpenHandle(NotForSendfile);
        await output.SendAsync(output, file, offset: 1, bytes.Length - 1, Cancellation);
        Assert.Null(output.Failure);
        Assert.Equal(bytes[1..], await client.ReadAsync(bytes.Length - 1));
        socket.Dispose();
        await client.DisposeAsync();
    }

    /// <summary>Kestrel takes what is written for an answer that it has cut, and throws it away.</summary>
    [Fact]
    public async Task What_came_to_nothing_above_the_socket_is_not_taken_for_sent()
    {
        var (output, socket, client) = await ConnectAsync();
        using var file = File.OpenHandle(Large);
        await output.SendAsync(PipeWriter.Create(Stream.Null), file, offset: 0, Length, Cancellation);
        Assert.NotNull(output.Failure);
        Assert.True((await output.FlushAsync(Cancellation)).IsCompleted);
        socket.Dispose();
        Assert.Empty(await client.ReadAsync(1));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_is_cancelled_is_never_gone_on_with()
    {
        var (output, socket, client) = await ConnectAsync();
        using var file = File.OpenHandle(Large);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sending = output.SendAsync(output, file, offset: 0, Length, cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.NotNull(output.Failure);
        await output.WriteAsync("HTTP/1.1 200 OK"u8.ToArray(), Cancellation);
        socket.Shutdown(SocketShutdown.Both);
        Assert.DoesNotContain((byte)'H', await client.ReadAsync(Length));
        socket.Dispose();
        await client.DisposeAsync();
    }

    /// <summary>Otherwise whoever is given that memory next, writes what this client receives.</summary>
    [Fact]
    public async Task Memory_that_is_being_sent_is_not_given_to_others()
    {
        const int Size = 16 * 1024 * 1024;
        var (output, socket, client) = await ConnectAsync();
        output.GetSpan(Size)[..Size].Fill(1);
        output.Advance(Size);
        var flushing = output.FlushAsync(Cancellation).AsTask();
        Assert.False(flushing.IsCompleted, "the kernel has taken all of it");
        await output.CompleteAsync(new IOException());
        ArrayPool<byte>.Shared.Rent(Size).AsSpan().Fill(2);
        Assert.Equal(-1, (await client.ReadAsync(Size)).AsSpan().IndexOfAnyExcept((byte)1));
        await flushing;
        socket.Dispose();
        await client.DisposeAsync();
    }

    private static async Task<(SocketOutput Output, Socket Socket, FileClient Client)> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        var client = await FileClient.ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        var socket = await listener.AcceptSocketAsync(Cancellation);
        return (new SocketOutput(socket), socket, client);
    }

    private async Task AssertCutAsync() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => _sent.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

    private async Task<FileClient> ServeAsync(MinDataRate? rate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Logging.ClearProviders();
        var port = FreePort.Next();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = rate;
            kestrel.Listen(IPAddress.Loopback, port, http =>
            {
                http.Protocols = HttpProtocols.Http1;
                http.Use(SocketOutput.Below);
            });
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(Cancellation);
        return await FileClient.ConnectAsync(port);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentLength = Length;
        try
        {
            _sent.TrySetResult(context.Request.Path == "/memory"
                ? await WriteAsync(context)
                : await UncopiedFile.TrySendAsync(context, Large, offset: 0, count: null, context.RequestAborted));
        }
        catch (OperationCanceledException e)
        {
            Assert.True(context.RequestAborted.IsCancellationRequested);
            _sent.TrySetCanceled(e.CancellationToken);
        }
    }

    /// <summary>An answer that is cut ends here: to it, Kestrel lets one write on, and tells on another thread.</summary>
    private static async Task<bool> WriteAsync(HttpContext context)
    {
        var piece = new byte[64 * 1024];
        for (var written = 0; written < Length; written += piece.Length)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }

        await Task.Delay(Timeout.Infinite, context.RequestAborted);
        return true;
    }
}
