using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Bootstrapper.Http;

/// <summary>
/// Carries what comes to the registry's port to the registry, byte for byte, and back. distribution knows no limit of
/// connections, and keeps one that says nothing for ever; before it stands <see cref="LimitedTransport"/>, as before all else.
/// TLS is the registry's.
/// </summary>
/// <param name="registry">Where it listens on this host.</param>
/// <param name="uploads">Whether what another host sends may still be written.</param>
/// <param name="patience">For the first byte.</param>
/// <param name="idle">For any other, in either direction; the registry may take minutes to look a large image through.</param>
internal sealed class RegistryFront(IPEndPoint registry, UploadRoom uploads, TimeSpan patience, TimeSpan idle)
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>So much may come up a connection between two looks at the disk. Who pulls sends some hundred bytes.</summary>
    private const int Unlooked = 1 << 20;

    /// <summary>Returns when either end has hung up, or neither has said anything for long.</summary>
    public async Task CarryAsync(ConnectionContext client)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(StopOf(client));
        ended.CancelAfter(patience);
        using var socket = new Socket(registry.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(registry, ended.Token);
            await Task.WhenAll(
                EndingAsync(UpAsync(client, socket, ended), ended),
                EndingAsync(DownAsync(socket, client.Transport.Output, ended), ended));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            client.Abort(); // or the registry is being started: clients try again
        }
    }

    private static CancellationToken StopOf(ConnectionContext client) =>
        client.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;

    /// <summary>What went wrong one way ends the other.</summary>
    private static async Task EndingAsync(Task way, CancellationTokenSource ended)
    {
        try
        {
            await way;
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
    }

    /// <exception cref="IOException">It is an upload, and there is no room for more.</exception>
    private async Task UpAsync(ConnectionContext client, Socket socket, CancellationTokenSource ended)
    {
        var unlooked = 0L;
        for (var isOver = false; !isOver;)
        {
            var read = await client.Transport.Input.ReadAsync(ended.Token);
            foreach (var chunk in read.Buffer)
            {
                ended.CancelAfter(idle);
                await socket.SendAsync(chunk, ended.Token);
            }

            unlooked += read.Buffer.Length;
            if (unlooked >= Unlooked)
            {
                uploads.Require(client);
                unlooked = 0;
            }

            client.Transport.Input.AdvanceTo(read.Buffer.End);
            isOver = read.IsCompleted;
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task DownAsync(Socket socket, PipeWriter client, CancellationTokenSource ended)
    {
        while (await socket.ReceiveAsync(client.GetMemory(ChunkSize), ended.Token) is > 0 and var length)
        {
            ended.CancelAfter(idle);
            client.Advance(length);
            if ((await client.FlushAsync(ended.Token)).IsCompleted)
            {
                return;
            }
        }

        await client.CompleteAsync();
    }
}
