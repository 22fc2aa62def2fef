using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>
/// A cable to a card that has another interface over it. Which of the two a frame is for its address says, as the tag does on a
/// VLAN, which not every kernel has.
/// </summary>
public sealed class DhcpWireTests : IAsyncLifetime
{
    private static readonly MacAddress Upper = new(0x02_00_00_00_00_77), Client = new(0x02_00_00_00_00_99);

    private NetworkNamespace _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await NetworkNamespace.CreateAsync();
        await _host.IpAsync("link add va type veth peer name vb");
        await _host.IpAsync($"link add link vb name upper address {Upper} type macvlan mode bridge");
        foreach (var name in new[] { "va", "vb", "upper" })
        {
            await _host.IpAsync($"link set {name} up");
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void What_came_in_for_the_interface_above_is_not_the_cards()
    {
        using var sender = On("va", DhcpWire.OpenForClients);
        using var card = On("vb", DhcpWire.Open);
        using var upper = On("upper", DhcpWire.Open);

        Send(sender, Upper);
        Assert.True(HasCome(upper));
        Assert.Equal(0, DhcpWire.Receive(card, new byte[DhcpWire.LargestFrame]));

        Send(sender, to: null);
        Assert.True(HasCome(card));
        Assert.True(HasCome(upper));
    }

    private Socket On(string name, Func<int, Socket> open) =>
        _host.In(() => open(LocalInterface.All().Single(local => local.Name == name).Index));

    /// <param name="to">A card; <c>null</c> for all.</param>
    private static void Send(Socket sender, MacAddress? to)
    {
        var frame = new byte[UdpFrame.HeaderLength + 300];
        UdpFrame.WriteToServers(frame, Client);
        if (to is { } one)
        {
            Convert.FromHexString($"{one}".Replace(":", "", StringComparison.Ordinal)).CopyTo(frame, 0);
        }

        sender.Send(frame);
    }

    private static bool HasCome(Socket wire) =>
        wire.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead) && DhcpWire.Receive(wire, new byte[DhcpWire.LargestFrame]) > 0;
}
