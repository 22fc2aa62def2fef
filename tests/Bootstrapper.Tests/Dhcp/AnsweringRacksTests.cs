using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Tests.Rendering;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Our DHCP server with the networks of the scenario <c>racks</c>.</summary>
public sealed class AnsweringRacksTests
{
    private static readonly IPAddress Main = IPAddress.Parse("10.30.0.1"), OnVlan = IPAddress.Parse("10.33.0.1");

    private static readonly DhcpClient InB = new(MacAddress.Parse("52:54:00:31:00:11", null), 0),
        InC = new(MacAddress.Parse("52:54:00:33:00:11", null), 0),
        Stranger = new(MacAddress.Parse("52:54:00:99:00:01", null), 0);

    private readonly Answers _answers = new(ScenarioTests.Load("racks").Cluster);

    [Fact]
    public void Who_asks_through_a_relay_is_told_of_the_network_that_the_relay_is_in()
    {
        var offer = Relayed(DhcpMessage.Discover(InB), "10.31.0.254")!;
        Assert.Equal(IPAddress.Parse("10.31.0.11"), offer.YourAddress);
        Assert.Equal(
            ["10.31.0.254", "10.30.0.1", "10.30.0.1", "255.255.255.0"],
            new byte[] { 3, 6, 54, 1 }.Select(code => new IPAddress(offer.Options[code]).ToString()));
        Assert.Equal((Main, TimeSpan.FromHours(2)), (offer.NextServer, offer.Lease));
        Assert.Equal(new Destination(IPAddress.Parse("10.31.0.254").ToNumber(), 67, null), _answers.Last!.Value.To);
    }

    [Fact]
    public void Who_asks_by_another_interface_is_told_our_address_there()
    {
        var client = InC with { Architecture = 7, VendorClass = "HTTPClient" };
        var offer = _answers.To(DhcpMessage.Discover(client), OnVlan, to: null)!;
        Assert.Equal((IPAddress.Parse("10.33.0.11"), OnVlan), (offer.YourAddress, offer.NextServer));
        Assert.Equal("http://10.33.0.1/tftpboot/snponly.efi", offer.File);
        Assert.Equal(OnVlan.GetAddressBytes(), offer.Options[54]);
        Assert.DoesNotContain((byte)3, offer.Options.Keys);
    }

    [Theory]
    [InlineData(null, "10.30.0.1", "10.30.0.")]
    [InlineData(null, "10.33.0.1", "10.33.0.")]
    [InlineData("10.31.0.254", "10.30.0.1", "10.31.0.")]
    [InlineData("10.31.0.254", "10.33.0.1", "10.31.0.")]
    public void A_stranger_gets_an_address_of_the_pool_of_its_network(string? relay, string arrival, string start)
    {
        var question = DhcpMessage.Discover(Stranger);
        var offer = relay is null ? _answers.To(question, IPAddress.Parse(arrival), to: null) : Relayed(question, relay, arrival);
        Assert.StartsWith(start, $"{offer!.YourAddress}", StringComparison.Ordinal);
    }

    /// <summary>A relay that has one address for several links says which it means (RFC 3527).</summary>
    [Fact]
    public void The_link_that_a_relay_names_counts_before_its_own_address()
    {
        var question = DhcpMessage.Discover(Stranger with { More = [82, 6, 5, 4, 10, 31, 0, 0] });
        var offer = Relayed(question, "10.30.0.253")!;
        Assert.StartsWith("10.31.0.", $"{offer.YourAddress}", StringComparison.Ordinal);
        Assert.Equal([5, 4, 10, 31, 0, 0], offer.Options[82]);
    }

    [Fact]
    public void A_relay_of_no_network_is_not_answered() =>
        Assert.Null(Relayed(DhcpMessage.Discover(Stranger), "10.32.0.254"));

    /// <summary>It comes through the router, and not through the relay.</summary>
    [Fact]
    public void A_machine_behind_a_router_renews_what_it_has()
    {
        var own = Take(Stranger, "10.31.0.254");
        var ack = _answers.To(DhcpMessage.Renew(Stranger, own), arrival: Main, to: Main)!;
        Assert.Equal((5, own), (ack.Type, ack.YourAddress));
        Assert.Equal(new Destination(own.ToNumber(), 68, null), _answers.Last!.Value.To);
    }

    [Fact]
    public void A_machine_that_was_carried_to_another_rack_gets_an_address_there_and_leaves_its_own_to_others()
    {
        var before = Take(Stranger, "10.31.0.254");
        Assert.Equal(6, _answers.To(DhcpMessage.Reboot(Stranger, before), OnVlan, to: null)!.Type);
        var offered = _answers.To(DhcpMessage.Discover(Stranger), OnVlan, to: null)!.YourAddress;
        Assert.StartsWith("10.33.0.", $"{offered}", StringComparison.Ordinal);
        Assert.Equal(5, _answers.To(DhcpMessage.Take(Stranger, offered, OnVlan), OnVlan, to: null)!.Type);
        var another = DhcpMessage.Discover(
            new DhcpClient(Answers.Mac(5)) { More = DhcpMessage.Option(50, before.GetAddressBytes()) });
        Assert.Equal(before, Relayed(another, "10.31.0.254")!.YourAddress);
    }

    [Fact]
    public void A_node_in_another_rack_than_described_gets_an_address_of_where_it_is()
    {
        var offer = _answers.To(DhcpMessage.Discover(InB), Main, to: null)!;
        Assert.StartsWith("10.30.0.", $"{offer.YourAddress}", StringComparison.Ordinal);
    }

    /// <summary>
    /// Two networks on one cable: the node's own comes first, and what somebody has had, or takes, is gone on with.
    /// </summary>
    [Fact]
    public void Of_several_networks_where_a_question_comes_in_one_answers()
    {
        IPAddress[] both = [Main, OnVlan];
        var offer = _answers.To(DhcpMessage.Discover(InC), both, to: null)!;
        Assert.Equal((IPAddress.Parse("10.33.0.11"), OnVlan), (offer.YourAddress, offer.NextServer));
        Assert.Equal(OnVlan.ToNumber(), _answers.Last!.Value.From);
        Assert.Equal(5, _answers.To(DhcpMessage.Take(InC, offer.YourAddress, OnVlan), both, to: null)!.Type);

        var named = new DhcpClient(MacAddress.Parse("52:54:00:33:00:12", null), 0); // network: rack-c
        offer = _answers.To(DhcpMessage.Discover(named), both, to: null)!;
        Assert.StartsWith("10.33.0.", $"{offer.YourAddress}", StringComparison.Ordinal);

        offer = _answers.To(DhcpMessage.Discover(Stranger), both, to: null)!;
        Assert.StartsWith("10.30.0.", $"{offer.YourAddress}", StringComparison.Ordinal);
        Assert.Equal(Main.ToNumber(), _answers.Last!.Value.From);
        Assert.Equal(5, _answers.To(DhcpMessage.Take(Stranger, offer.YourAddress, Main), both, to: null)!.Type);
        Assert.Equal(5, _answers.To(DhcpMessage.Reboot(Stranger, offer.YourAddress), [OnVlan, Main], to: null)!.Type);
    }

    [Fact]
    public void The_record_has_the_relay()
    {
        Relayed(DhcpMessage.Discover(InB), "10.31.0.254");
        Assert.True(_answers.News.Events.TryRead(out var heard));
        Assert.Equal(IPAddress.Parse("10.31.0.254").ToNumber(), heard.Relay);
    }

    private DhcpMessage? Relayed(DhcpMessage question, string relay, string arrival = "10.30.0.1")
    {
        IPAddress.Parse(relay).GetAddressBytes().CopyTo(question.Bytes, 24);
        return _answers.To(question, IPAddress.Parse(arrival), to: Main);
    }

    private IPAddress Take(DhcpClient client, string relay)
    {
        var offered = Relayed(DhcpMessage.Discover(client), relay)!.YourAddress;
        Assert.Equal(5, Relayed(DhcpMessage.Take(client, offered, Main), relay)!.Type);
        return offered;
    }
}
