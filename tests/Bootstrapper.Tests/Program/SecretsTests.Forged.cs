using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Tests.Dhcp;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>Packets that say what is not so: of a node that boots, of a card that has an address.</summary>
public sealed partial class SecretsTests
{
    /// <summary>An armed node's own programs, such as a pod, and another machine, say that its firmware asks.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task No_datagram_that_a_program_can_send_ends_the_wait_for_a_network_boot(string server)
    {
        Rack.Describe([Master], $"{Guarded}\ndhcp_server: {server}");
        await using var program = await StartAsync();
        var machine = await MachineAsync(Master.Mac, Master.Address);
        var foreign = await Rack.PlugInAsync(Foreign);
        await ReportAsync(machine, Master, Master.Address, "installing", "installed", "running");
        await NodeAsync("reinstall", Master.HostName, "--reason", "a new release");

        var discover = DhcpMessage.Discover(new Dhcp.DhcpClient(Master.Mac, Architecture: 7)).Bytes;
        var takes = DhcpMessage.Take(
            new Dhcp.DhcpClient(Master.Mac, Architecture: 7), Master.Address, Rack.ServerAddress).Bytes;
        byte[] relayed = [.. discover];
        Master.Address.GetAddressBytes().CopyTo(relayed, 24);
        foreach (var (from, to) in new[]
        {
            (machine, Rack.ServerAddress), (machine, IPAddress.Broadcast), (foreign, IPAddress.Broadcast),
        })
        {
            SendDhcp(from, to, discover, takes, relayed);
        }

        var by = server == "dnsmasq" ? "(eth0)" : "";
        await program.SaysAsync($"DHCPACK{by} {Master.Address} {Master.Mac}"); // the server was taken in
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));

        await Program.DhcpClient.LeaseAsync(machine, Program.DhcpClient.Firmware);
        await Eventually.True(async () => await AskForKeyAsync(machine, Master, Master.Address) == HttpStatusCode.OK);
        await OnTrailAsync(Master, "booted from the network");
    }

    /// <summary>Machines at the ports of a bridge, as of docker's or of a host with virtual machines.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task On_a_bridge_the_wire_shows_firmware_too(string server)
    {
        await BridgeAsync();
        Rack.Describe([Master], $"{Guarded}\ndhcp_server: {server}");
        await using var program = await StartAsync();
        await FirmwareEndsTheWaitAsync();
    }

    /// <summary>A port of a bridge shows nothing any more to who looked at it as an interface.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task Where_the_servers_address_goes_to_a_bridge_firmware_is_seen_there(string server)
    {
        Rack.Describe([Master], $"{Guarded}\ndhcp_server: {server}");
        await using var program = await StartAsync();
        await BridgeAsync();
        await program.AnswersAsync();
        await FirmwareEndsTheWaitAsync();
    }

    private async Task BridgeAsync()
    {
        foreach (var step in new[]
        {
            $"address delete {Rack.ServerAddress}/16 dev eth0", "link add br0 type bridge", "link set eth0 master br0",
            "link set br0 up", $"address add {Rack.ServerAddress}/16 dev br0",
        })
        {
            await Rack.Server.IpAsync(step);
        }
    }

    private async Task FirmwareEndsTheWaitAsync()
    {
        var machine = await MachineAsync(Master.Mac, Master.Address);
        await ReportAsync(machine, Master, Master.Address, "installing", "installed", "running");
        await NodeAsync("reinstall", Master.HostName, "--reason", "a new release");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));

        await Program.DhcpClient.LeaseAsync(machine, Program.DhcpClient.Firmware);
        await Eventually.True(async () => await AskForKeyAsync(machine, Master, Master.Address) == HttpStatusCode.OK);
    }

    [RackFact]
    public async Task Where_others_serve_DHCP_the_wire_ends_the_wait_and_no_question_of_a_loader_does()
    {
        Rack.Describe([Master], $"{Guarded}\ndhcp: off");
        await using var program = await StartAsync();
        var machine = await MachineAsync(Master.Mac, Master.Address);
        await ReportAsync(machine, Master, Master.Address, "installing", "installed", "running");
        await NodeAsync("reinstall", Master.HostName, "--reason", "a new release");

        await ScriptAsync(machine, $"ipxe?mac={Master.Mac}");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));

        await Tool.RunAsync(machine.Command( // nobody answers
            "busybox", "udhcpc", "-i", "eth0", "-f", "-n", "-q", "-t", "2", "-T", "1", "-V", Program.DhcpClient.Firmware));
        await Eventually.True(async () => await AskForKeyAsync(machine, Master, Master.Address) == HttpStatusCode.OK);
    }

    /// <summary>As behind a router, where nothing more is seen.</summary>
    [RackFact]
    public async Task Where_addresses_decide_and_others_serve_DHCP_a_loaders_question_ends_the_wait()
    {
        Rack.Describe([Master], "secrets: address\ndhcp: off");
        await using var program = await StartAsync();
        var machine = await MachineAsync(Master.Mac, Master.Address);
        await ReportAsync(machine, Master, Master.Address, "installing", "installed", "running");
        await NodeAsync("reinstall", Master.HostName, "--reason", "a new release");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));
        await ScriptAsync(machine, $"ipxe?mac={Master.Mac}");
        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(machine, Master, Master.Address));
    }

    /// <summary>
    /// It opens the connection as itself, says by ARP that the address is at the node's card while it asks, and takes that back
    /// for the answer.
    /// </summary>
    [RackFact]
    public async Task Who_flips_ARP_while_it_asks_gets_nothing()
    {
        Rack.Describe([Master], Guarded);
        await using var program = await StartAsync();
        var foreign = await MachineAsync(Foreign, Master.Address);
        using var connection = foreign.Socket(SocketType.Stream, ProtocolType.Tcp);
        connection.ReceiveTimeout = 20_000;
        await connection.ConnectAsync(new IPEndPoint(Rack.ServerAddress, 80), Cancellation);
        await ClaimAsync(foreign, Master.Mac);

        connection.Send(Encoding.ASCII.GetBytes(
            $"GET /tls/{Master.Mac}/node-key.pem HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        await program.SaysAsync(
            $"ARP shows {Master.Address} at a network card of {Master.HostName}, "
                + $"and its connection came from another one, {Foreign}");
        await ClaimAsync(foreign, Foreign);

        var answer = new byte[512];
        var length = connection.Receive(answer);
        Assert.StartsWith("HTTP/1.1 403 ", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
    }

    /// <summary>As under a flood of first frames: then the kernel keeps none of them.</summary>
    [RackFact]
    public async Task While_the_kernel_keeps_no_first_frame_a_node_is_told_to_ask_again_over_a_new_connection()
    {
        Rack.Describe([Master], Guarded);
        await using var program = await StartAsync();
        var machine = await MachineAsync(Master.Mac, Master.Address);
        await Rack.Server.OutputOfAsync("sysctl", "-qw", "net.ipv4.tcp_syncookies=2");
        using (var client = machine.Client(Master.Address, Rack.Url))
        using (var answer = await client.GetAsync(
            new Uri($"tls/{Master.Mac}/node-key.pem", UriKind.Relative), Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
            Assert.True(answer.Headers.ConnectionClose);
            var told = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("the kernel does not tell", told, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(machine, Master, Master.Address, "state=installing"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TellCardsAsync(machine, Master, Master.Address));

        await Rack.Server.OutputOfAsync("sysctl", "-qw", "net.ipv4.tcp_syncookies=1");
        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(machine, Master, Master.Address));
    }

    /// <summary>Says by ARP that the node's address is at a card, from its own, until the server believes it.</summary>
    private async Task ClaimAsync(NetworkNamespace from, MacAddress card)
    {
        var link = await from.OutputOfAsync("cat", "/sys/class/net/eth0/ifindex");
        var everybody = new LinkAddress(
            int.Parse(link, CultureInfo.InvariantCulture), 0x0806, new PhysicalAddress([255, 255, 255, 255, 255, 255]));
        var octets = Convert.FromHexString(card.ToHyphenated().Replace("-", "", StringComparison.Ordinal));
        var address = Master.Address.GetAddressBytes();
        using var wire = from.Socket(AddressFamily.Packet, SocketType.Dgram, ProtocolType.Unspecified);
        await Eventually.True(async () =>
        {
            await wire.SendToAsync(
                new byte[] { 0, 1, 8, 0, 6, 4, 0, 2 }.Concat(octets).Concat(address).Concat(octets).Concat(address).ToArray(),
                everybody);
            return (await Rack.Server.OutputOfAsync("ip", "neighbour", "show", $"{Master.Address}"))
                .Contains($"{card}", StringComparison.Ordinal);
        });
    }

    private static void SendDhcp(NetworkNamespace from, IPAddress to, params byte[][] messages)
    {
        using var socket = from.Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.EnableBroadcast = true;
        socket.SetRawSocketOption(1, 25, "eth0\0"u8); // SOL_SOCKET, SO_BINDTODEVICE
        socket.Bind(new IPEndPoint(IPAddress.Any, 68));
        foreach (var message in messages)
        {
            socket.SendTo(message, new IPEndPoint(to, 67));
        }
    }
}
