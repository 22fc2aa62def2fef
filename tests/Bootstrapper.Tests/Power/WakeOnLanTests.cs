using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>Packets that wake machines by their network cards.</summary>
public sealed class WakeOnLanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_packet_has_the_address_of_the_card_sixteen_times()
    {
        var packet = Convert.ToHexStringLower(WakeOnLan.PacketFor(Sample.Node(2).Mac));
        Assert.Equal("ffffffffffff" + string.Concat(Enumerable.Repeat("525400000002", 16)), packet);
    }

    [Fact]
    public async Task It_is_sent_to_all_on_the_machines_network()
    {
        using var heard = new UdpClient(AddressFamily.InterNetwork);
        heard.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        heard.Client.Bind(new IPEndPoint(IPAddress.Parse("127.255.255.255"), 9));
        await WakeOnLan.WakeAsync(Sample.Node(3), Sample.Cluster(Sample.Node(3)), Cancellation);
        var packet = await heard.ReceiveAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(WakeOnLan.PacketFor(Sample.Node(3).Mac), packet.Buffer);
        Assert.Equal(IPAddress.Loopback, packet.RemoteEndPoint.Address);
    }

    [Fact]
    public async Task One_behind_a_router_is_not_woken()
    {
        var rack = new Network
        {
            Name = "rack-b",
            Subnet = IPNetwork.Parse("10.78.0.0/24"),
            Bootstrapper = IPAddress.Loopback,
        };
        var cluster = Sample.Cluster() with { Networks = [Sample.Cluster().Network, rack] };
        var failure = await Assert.ThrowsAsync<PowerException>(() => WakeOnLan.WakeAsync(
            Sample.Node() with { Ip = null, Network = "rack-b" }, cluster, Cancellation));
        Assert.Equal("n1 cannot be woken: its network rack-b is behind a router, which passes no broadcast on", failure.Message);
    }
}
