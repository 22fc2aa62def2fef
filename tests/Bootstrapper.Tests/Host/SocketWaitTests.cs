using System.Net;
using System.Net.Sockets;
using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class SocketWaitTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly SocketWait _wait = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public SocketWaitTests() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    [Fact]
    public void What_comes_in_ends_it()
    {
        _socket.SendTo("a"u8, _socket.LocalEndPoint!);
        _wait.Until([_socket], Long);
        Assert.Equal(1, _socket.Available);
    }

    [Fact]
    public async Task So_does_a_call_before_it_or_meanwhile_and_each_but_once()
    {
        _wait.Wake();
        _wait.Wake();
        _wait.Until([_socket], Long);
        _wait.Until([_socket], TimeSpan.Zero);

        var waiting = Task.Run(() => _wait.Until([_socket], Long), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        _wait.Wake();
        await waiting;
    }

    [Fact]
    public void A_call_to_nobody_does_no_harm()
    {
        _wait.Dispose();
        _wait.Wake();
    }

    public void Dispose()
    {
        _wait.Dispose();
        _socket.Dispose();
    }
}
