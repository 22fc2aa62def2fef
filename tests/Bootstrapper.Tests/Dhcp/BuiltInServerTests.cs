using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Our own DHCP server as it runs: the program in a network of its own.</summary>
[Trait("Category", "Slow")]
public sealed class BuiltInServerTests : ProvisioningNetwork
{
    private static readonly ClusterDescription Described =
        By(DhcpEngine.BuiltIn, Cluster(DhcpMode.Server, Node(1, BootLoader.Auto)));

    /// <summary>What was acknowledged is kept through a kill at any moment: no other card is given the address.</summary>
    [Fact]
    public async Task An_address_that_was_acknowledged_is_nobody_elses_after_a_kill()
    {
        Serve(Described);
        Discover(new DhcpClient(Mac(1)));
        var owners = new Dictionary<IPAddress, MacAddress>();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 7; i++)
            {
                var card = Mac(100 + (10 * round) + i);
                owners.Add(Take(card), card);
            }

            await KillAsync();
            Serve(Described);
            Discover(new DhcpClient(Mac(1)));
        }

        var others = Enumerable.Range(200, 25).Select(number => TakeAddress(new DhcpClient(Mac(number)))).OfType<DhcpMessage>();
        Assert.DoesNotContain(others, other => owners.ContainsKey(other.YourAddress));
        Assert.All(owners, owner => Assert.Equal(5, Confirm(owner.Value, owner.Key).Type));
    }

    [Fact]
    public async Task The_leases_go_with_the_work_when_the_description_gives_it_to_dnsmasq_and_back()
    {
        Serve(Described);
        Discover(new DhcpClient(Mac(1)));
        var own = Take(Mac(9));
        foreach (var server in new[] { "dnsmasq", "built-in" })
        {
            Hand(server);
            await Eventually.True(() => AnswersByAsync(server));
            Assert.Equal(own, Take(Mac(9)));
            Assert.Equal(5, Confirm(Mac(9), own).Type);
        }
    }

    /// <summary>It reads the leases before it opens the port, and writes on into the file that it opened.</summary>
    [Fact]
    public async Task When_dnsmasq_comes_our_server_has_left_and_the_file_that_dnsmasq_opens_is_the_one_that_stays()
    {
        Serve(Described);
        Discover(new DhcpClient(Mac(1), 0)); // dnsmasq is there
        var (own, before) = (Take(Mac(9)), await ChildAsync("dnsmasq"));

        Hand("dnsmasq");
        await Eventually.True(() => Said().Split("dnsmasq answers").Length > 2);
        Assert.NotEqual(before, await ChildAsync("dnsmasq"));
        Assert.DoesNotContain("dnsmasq ended", Said(), StringComparison.Ordinal); // by itself, for the port was not free
        Assert.Contains(
            Bsroot.DnsmasqLeases,
            new DirectoryInfo($"/proc/{await ChildAsync("dnsmasq")}/fd").GetFiles().Select(file => file.LinkTarget));
        Assert.Equal(5, Confirm(Mac(9), own).Type);
    }

    [Fact]
    public async Task Our_server_waits_until_dnsmasq_has_ended_and_knows_what_that_wrote_last()
    {
        Serve(By(DhcpEngine.Dnsmasq, Described), ours: true);
        Discover(new DhcpClient(Mac(1)));
        Take(Mac(9));
        var dnsmasq = await ChildAsync("dnsmasq");
        await Tool.OutputOfAsync("kill", "-STOP", $"{dnsmasq}"); // so that it takes five seconds until it is killed

        Hand("built-in");
        await Eventually.True(() => Said().Contains("A new description is in force", StringComparison.Ordinal));
        var late = IPAddress.Parse("10.88.0.180");
        await File.AppendAllTextAsync(
            Bsroot.DnsmasqLeases, $"0 {Mac(50)} {late} * *\n", TestContext.Current.CancellationToken);

        await Eventually.True(() => AnswersByAsync("built-in"));
        Assert.Equal(6, Confirm(Mac(51), late).Type);
        Assert.Equal(5, Confirm(Mac(50), late).Type);
        Assert.DoesNotContain("another DHCP server", Said(), StringComparison.Ordinal);
        Assert.DoesNotContain("is tried again", Said(), StringComparison.Ordinal);
    }

    /// <summary>Firmware that has an address and gets no loader goes on to its next boot device.</summary>
    [Fact]
    public async Task While_nobody_sends_loaders_firmware_is_to_ask_again_and_systems_are_answered()
    {
        using (var other = ServerSocket())
        {
            other.Bind(new IPEndPoint(Server, 53));
            Serve(Described);
            Discover(new DhcpClient(Mac(1)));
            Assert.Null(DiscoverOnce(new DhcpClient(Mac(1), 0)));
            Assert.NotNull(Patiently(() => DiscoverOnce(new DhcpClient(Mac(1), 16, "HTTPClient"))));
        }

        Assert.Equal("undionly.kpxe", Discover(new DhcpClient(Mac(1), 0)).File);
        await Tool.OutputOfAsync("kill", "-KILL", $"{await ChildAsync("dnsmasq")}");
        await Eventually.True(() => DiscoverOnce(new DhcpClient(Mac(1), 0)) is null);
        Assert.Equal("undionly.kpxe", Discover(new DhcpClient(Mac(1), 0)).File);
    }

    [Fact]
    public async Task Once_it_is_to_stop_nobody_is_answered_however_long_the_end_takes()
    {
        Serve(Described);
        Discover(new DhcpClient(Mac(1), 0));
        var dnsmasq = await ChildAsync("dnsmasq");
        await Tool.OutputOfAsync("kill", "-STOP", $"{dnsmasq}"); // so that it takes five seconds until it is killed

        RequestStop();
        await Eventually.True(() => DiscoverOnce(new DhcpClient(Mac(1))) is null);
        Assert.True(ProcessTable.IsAlive(dnsmasq));
        Assert.False(HasEnded);
        await Eventually.True(() => HasEnded);
    }

    [Fact]
    public async Task Another_server_on_this_host_is_told_of_and_waited_for()
    {
        using (var other = ServerSocket())
        {
            other.Bind(new IPEndPoint(IPAddress.Any, 67));
            Serve(Described);
            await Eventually.True(() => File.Exists(Log) && Said().Contains(
                "another DHCP server on this host has port 67 of eth0: stop it", StringComparison.Ordinal));
            Assert.Null(DiscoverOnce(new DhcpClient(Mac(1))));
        }

        Assert.NotEqual(IPAddress.Any, Discover(new DhcpClient(Mac(1))).YourAddress);
    }

    [Fact]
    public async Task After_its_interface_was_down_it_answers_again_and_is_told_to_be_well()
    {
        Serve(Described);
        Discover(new DhcpClient(Mac(1)));
        await LinkAsync("down");
        await Eventually.True(() => Said().Contains("The DHCP server failed", StringComparison.Ordinal));

        await LinkAsync("up");
        Assert.Equal(2, Discover(new DhcpClient(Mac(1))).Type);
        await Eventually.True(async () => !(await ReadyAsync()).Contains("DHCP server", StringComparison.Ordinal));
        Assert.Contains("built-in: answers", await ReadyAsync(), StringComparison.Ordinal);
    }

    /// <summary>Two networks on one cable: of the two addresses of ours there the node's own answers, and no other.</summary>
    [Fact]
    public async Task Each_network_of_an_interface_is_answered_from_its_own_address_while_that_is_there()
    {
        var other = IPAddress.Parse("10.89.0.1");
        await AddressAsync("add", $"{other}/24");
        var described = Described with
        {
            Networks =
            [
                Described.Network,
                Described.Network with
                {
                    Name = "rack-b",
                    Bootstrapper = other,
                    Subnet = IPNetwork.Parse("10.89.0.0/24"),
                    Broadcast = IPAddress.Parse("10.89.0.255"),
                    Range = new DhcpRange(IPAddress.Parse("10.89.0.100"), IPAddress.Parse("10.89.0.199")),
                },
            ],
            Nodes = [Described.Nodes[0], Node(2, BootLoader.Auto) with { Ip = IPAddress.Parse("10.89.0.12") }],
        };
        Serve(described);
        Assert.Equal(Server, Discover(new DhcpClient(Mac(1))).NextServer);
        using (var wire = ClientWire())
        {
            var question = DhcpMessage.Discover(new DhcpClient(Mac(2)));
            Send(question);
            Assert.Equal([other], Answers(wire, question));
        }

        await AddressAsync("delete", $"{other}/24");
        await Eventually.True(() => Said().Contains("The DHCP server leaves out rack-b", StringComparison.Ordinal));
        Assert.Contains("no network interface has the address 10.89.0.1", Said(), StringComparison.Ordinal);
        Assert.Equal(Server, Discover(new DhcpClient(Mac(1))).NextServer);
        Assert.Contains("DHCP server at 10.89.0.1", await ReadyAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("The DHCP server failed", Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_reaches_a_card_that_wants_no_broadcast()
    {
        Serve(Described);
        Discover(new DhcpClient(Mac(1)));
        using var wire = ClientWire();
        var question = DhcpMessage.Discover(new DhcpClient(ClientCard));
        question.Bytes[10] = 0;
        Send(question);
        var frame = new byte[2048];
        while (wire.Receive(frame) < 300 || new DhcpMessage(frame[42..]).Transaction != question.Transaction || frame[42] != 2)
        {
        }

        Assert.Equal(ClientCard, MacAddress.Of(frame));
        Assert.Equal(new DhcpMessage(frame[42..]).YourAddress, new IPAddress(frame.AsSpan(30, 4)));
    }

    /// <returns>From which addresses answers come within a second.</returns>
    private static List<IPAddress> Answers(Socket wire, DhcpMessage question)
    {
        var (frame, from) = (new byte[2048], new List<IPAddress>());
        wire.ReceiveTimeout = 1000;
        try
        {
            while (true)
            {
                var isAnswer = wire.Receive(frame) >= 300 && frame[42] == 2;
                if (isAnswer && new DhcpMessage(frame[42..]).Transaction == question.Transaction)
                {
                    from.Add(new IPAddress(frame.AsSpan(26, 4)));
                }
            }
        }
        catch (SocketException)
        {
            return from;
        }
    }

    /// <summary>Asks whether the card may have the address again.</summary>
    private DhcpMessage Confirm(MacAddress card, IPAddress had) =>
        Patiently(() => AskOnce(DhcpMessage.Reboot(new DhcpClient(card), had)))!;

    private IPAddress Take(MacAddress card) => Patiently(() => TakeAddress(new DhcpClient(card)))!.YourAddress;

    /// <summary>Lets another server give out the addresses.</summary>
    private void Hand(string server)
    {
        var others = File.ReadAllLines(Bsroot.Description).Where(
            line => !line.StartsWith("dhcp_server:", StringComparison.Ordinal));
        Write(Bsroot.DescriptionName, string.Join('\n', others.Prepend($"dhcp_server: {server}")));
        Reread();
    }

    /// <summary>dnsmasq logs what it acknowledges, and so do we, in other words.</summary>
    private async Task<bool> AnswersByAsync(string server)
    {
        var before = Said().Length;
        if (TakeAddress(new DhcpClient(Mac(1))) is not { Type: 5 })
        {
            return false;
        }

        string Since() => Said()[before..];
        await Eventually.True(() => Since().Contains("DHCPACK", StringComparison.Ordinal));
        return Since().Contains("DHCPACK(eth0)", StringComparison.Ordinal) == (server == "dnsmasq");
    }

    private string Said()
    {
        using var log = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd();
    }
}
