using System.Net;
using Bootstrapper.Cluster;

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
        var description = await File.ReadAllTextAsync(Bsroot.Description, TestContext.Current.CancellationToken);
        foreach (var server in new[] { "dnsmasq", "built-in" })
        {
            Write(Bsroot.DescriptionName, description.Replace("built-in", server, StringComparison.Ordinal));
            Reread();
            await Support.Eventually.True(() => AnswersByAsync(server));
            Assert.Equal(own, Take(Mac(9)));
            Assert.Equal(5, Confirm(Mac(9), own).Type);
        }
    }

    [Fact]
    public async Task Another_server_on_this_host_is_told_of_and_waited_for()
    {
        using (var other = ServerSocket())
        {
            other.Bind(new IPEndPoint(IPAddress.Any, 67));
            Serve(Described);
            await Support.Eventually.True(() => File.Exists(Log) && File.ReadAllText(Log).Contains(
                "another DHCP server on this host has port 67 of eth0: stop it", StringComparison.Ordinal));
            Assert.Null(DiscoverOnce(new DhcpClient(Mac(1))));
        }

        Assert.NotEqual(IPAddress.Any, Discover(new DhcpClient(Mac(1))).YourAddress);
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

    /// <summary>Asks whether the card may have the address again.</summary>
    private DhcpMessage Confirm(MacAddress card, IPAddress had) =>
        Patiently(() => AskOnce(DhcpMessage.Reboot(new DhcpClient(card), had)))!;

    private IPAddress Take(MacAddress card) => Patiently(() => TakeAddress(new DhcpClient(card)))!.YourAddress;

    /// <summary>dnsmasq logs what it hears, and we say what we answer.</summary>
    private async Task<bool> AnswersByAsync(string server)
    {
        var before = new FileInfo(Log).Length;
        if (DiscoverOnce(new DhcpClient(Mac(1))) is null)
        {
            return false;
        }

        TakeAddress(new DhcpClient(Mac(1)));
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, TestContext.Current.CancellationToken);
        using var log = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        log.BaseStream.Position = before;
        var said = await log.ReadToEndAsync(TestContext.Current.CancellationToken);
        return said.Contains("DHCPACK(eth0)", StringComparison.Ordinal) == (server == "dnsmasq");
    }
}
