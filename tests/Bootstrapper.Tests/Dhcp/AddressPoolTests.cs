using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>
/// Who is given an address by either of our servers, however many machines somebody makes up. The range has a hundred.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AddressPoolTests : ProvisioningNetwork
{
    private static readonly TimeSpan ForUnknown = TimeSpan.FromMinutes(2), ForNodes = TimeSpan.FromHours(24);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Fixed = IPAddress.Parse("10.88.0.10");

    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public void Unknown_machines_take_their_pool_and_nodes_still_get_addresses(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, Node(1, BootLoader.Auto), FixedNode(2))));
        Discover(new DhcpClient(Mac(1)));
        var taken = new List<DhcpMessage>();
        while (Patiently(() => TakeAddress(new DhcpClient(Mac(1000 + taken.Count)))) is { } answer)
        {
            taken.Add(answer);
        }

        Assert.Equal(25, taken.Count);
        Assert.All(taken, answer => Assert.Equal(ForUnknown, answer.Lease));
        Assert.All(taken, answer => Assert.InRange(answer.YourAddress.GetAddressBytes()[3], 175, 199));
        for (var i = 0; i < 3000; i++)
        {
            Send(DhcpMessage.Discover(new DhcpClient(Mac(2000 + i))));
        }

        var node = Assert.IsType<DhcpMessage>(Patiently(() => TakeAddress(new DhcpClient(Mac(1)))));
        Assert.InRange(node.YourAddress.GetAddressBytes()[3], 100, 174);
        Assert.Equal(ForNodes, node.Lease);
        var other = Assert.IsType<DhcpMessage>(Patiently(() => TakeAddress(new DhcpClient(Mac(2)))));
        Assert.Equal((Fixed, ForNodes), (other.YourAddress, other.Lease));
    }

    /// <summary>Its live system is about to install it: an address that was taken from it would break that off.</summary>
    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public void A_machine_that_becomes_a_node_keeps_its_address(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, Node(1, BootLoader.Auto))));
        Discover(new DhcpClient(Mac(1)));
        var before = Patiently(() => TakeAddress(new DhcpClient(Mac(9))))!.YourAddress;
        ServeInstead(By(engine, Cluster(DhcpMode.Server, Node(1, BootLoader.Auto), Node(9, BootLoader.Auto))));
        Assert.NotNull(Patiently(() => DiscoverOnce(new DhcpClient(Mac(9)))));
        var after = Assert.IsType<DhcpMessage>(Patiently(() => TakeAddress(new DhcpClient(Mac(9)))));
        Assert.Equal((before, 5), (after.YourAddress, after.Type));
    }

    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public void Where_unknown_machines_are_ignored_they_get_no_answer(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, Node(1, BootLoader.Auto)) with { UnknownNodes = UnknownNodes.Ignore }));
        Assert.NotEqual(IPAddress.Any, Discover(new DhcpClient(Mac(1), 0)).YourAddress);
        Assert.Null(DiscoverOnce(new DhcpClient(Mac(9), 0)));
        Assert.Equal(ForNodes, Patiently(() => TakeAddress(new DhcpClient(Mac(1))))!.Lease);
    }

    /// <summary>
    /// dnsmasq has ten minutes for it, which nothing in its configuration changes, unless it reads its hosts again.
    /// </summary>
    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public async Task A_fixed_address_that_somebody_declined_in_a_nodes_name_is_soon_back(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, FixedNode(2))));
        Assert.Equal(Fixed, Discover(new DhcpClient(Mac(2))).YourAddress);
        Decline(new DhcpClient(Mac(2)), Fixed);
        Assert.NotEqual(Fixed, Discover(new DhcpClient(Mac(2))).YourAddress);
        Reread();
        await Eventually.True(() => Fixed.Equals(DiscoverOnce(new DhcpClient(Mac(2)))?.YourAddress));
    }

    /// <summary>
    /// Firmware makes its client identifier of a UUID, which boards may share, and the system that it boots sends another.
    /// </summary>
    [Theory]
    [InlineData(DhcpEngine.Dnsmasq)]
    [InlineData(DhcpEngine.BuiltIn)]
    public void A_card_has_one_address_and_no_other_has_it_whatever_client_identifiers_they_send(object engine)
    {
        Serve(By(engine, Cluster(DhcpMode.Server, Node(1, BootLoader.Auto), Node(2, BootLoader.Auto))));
        byte[] shared = [0, .. Enumerable.Repeat((byte)0x55, 16)];
        byte[] duid = [0xff, 0x12, 0x34, 0x56, 0x78, 0, 2, 0, 0, 0xab, 0x11, 0x22];
        Discover(new DhcpClient(Mac(1)));
        var first = Take(new DhcpClient(Mac(1), 0) { Identifier = shared });
        var second = Take(new DhcpClient(Mac(2), 0) { Identifier = shared });
        Assert.NotEqual(first, second);
        Assert.Equal(first, Take(new DhcpClient(Mac(1), 0, UserClass: "iPXE")));
        Assert.Equal(first, Take(new DhcpClient(Mac(1)) { Identifier = duid }));
        Assert.Equal(second, Take(new DhcpClient(Mac(2)) { Identifier = [1, 0x52, 0x54, 0, 0, 0, 1] }));
    }

    /// <summary>We know a machine by its card alone.</summary>
    [Fact]
    public void An_InfiniBand_card_gets_no_answer_and_is_told_of()
    {
        RunDnsmasq(Cluster(DhcpMode.Server, FixedNode(2)));
        Discover(new DhcpClient(Mac(2)));
        var unanswered = new UnansweredCards(new ManualClock(Start));
        File.ReadAllLines(Log).ToList().ForEach(line => unanswered.Hear(line));
        Assert.Null(unanswered.Problem);

        Send(DhcpMessage.DiscoverOfInfiniBand());
        Discover(new DhcpClient(Mac(3)));
        File.ReadAllLines(Log).ToList().ForEach(line => unanswered.Hear(line));
        Assert.StartsWith("a network card without an Ethernet address", unanswered.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_that_nobody_is_told_for_ever()
    {
        var clock = new ManualClock(Start);
        var unanswered = new UnansweredCards(clock);
        unanswered.Hear("dnsmasq-dhcp[7]: 16909056 DHCPDISCOVER(eth0) <null> no unique-id ");
        Assert.NotNull(unanswered.Problem);
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(unanswered.Problem);
    }

    private IPAddress Take(DhcpClient client) => Patiently(() => TakeAddress(client))!.YourAddress;

    private static Node FixedNode(int number) => Node(number, BootLoader.Auto) with { Ip = Fixed };
}
