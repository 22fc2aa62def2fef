using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

/// <summary>Whom a node is taken for, by address and network card.</summary>
public sealed class SpeakerTests
{
    private static readonly MacAddress Own = Mac(1), Accepted = Mac(2), Others = Mac(3), Foreign = Mac(9);
    private static readonly Node Node = Sample.Node(1) with { Mac = Own, Ip = IPAddress.Parse("10.0.0.11"), HostName = "n1" };
    private static readonly Node Other = Sample.Node(2) with { Mac = Others, Ip = IPAddress.Parse("10.0.0.12"), HostName = "n2" };

    [Theory]
    [InlineData("guarded", "10.0.0.11", 0, 1, null)]
    [InlineData("guarded", "10.0.0.11", 0, 2, null)]
    [InlineData("guarded", "10.0.0.11", 0, 9, "is not named for")]
    [InlineData("guarded", "10.0.0.11", 1, 9, "is not named for")]
    [InlineData("guarded", "10.0.0.11", 0, 3, "which is n2's")]
    [InlineData("guarded", "10.0.0.11", 0, 0, "no network card is seen")]
    [InlineData("guarded", "10.0.0.50", 1, 1, null)]
    [InlineData("guarded", "10.0.0.50", 2, 2, null)]
    [InlineData("guarded", "10.0.0.50", 0, 1, "is not the address")]
    [InlineData("guarded", "10.0.0.50", 9, 9, "is not the address")]
    [InlineData("guarded", "192.168.9.9", 1, 0, "on another network than n1")]
    [InlineData("address", "192.168.9.9", 1, 0, "on another network than n1")]
    [InlineData("guarded", "192.168.9.9", 0, 0, "is not the address")]
    [InlineData("address", "10.0.0.11", 0, 9, null)]
    [InlineData("address", "10.0.0.11", 0, 3, "which is n2's")]
    [InlineData("address", "10.0.0.50", 0, 1, "is not the address")]
    public void A_node_is_who_has_its_address_at_its_card(string policy, string address, int leased, int card, string? refusal) =>
        Assert.Contains(
            refusal ?? "", Refusal(policy, DhcpMode.Server, Node, address, leased, card) ?? "", StringComparison.Ordinal);

    [Theory]
    [InlineData("guarded", "10.0.0.11", 0, 1)]
    [InlineData("guarded", "10.0.0.50", 1, 1)]
    [InlineData("address", "10.0.0.11", 0, 9)]
    public void And_who_has_both_is_given_what_it_asks_for(string policy, string address, int leased, int card) =>
        Assert.Null(Refusal(policy, DhcpMode.Server, Node, address, leased, card));

    /// <summary>Whoever is in a rack behind a router is given leases for any card that it names.</summary>
    [Theory]
    [InlineData("guarded", "rack-b", "10.1.0.50", true)]
    [InlineData("guarded", "rack-a", "10.1.0.50", false)]
    [InlineData("address", "rack-a", "10.1.0.50", false)]
    [InlineData("guarded", "rack-b", "10.2.0.50", false)]
    [InlineData("address", "rack-b", "10.2.0.50", false)]
    public void Behind_a_router_a_lease_speaks_for_the_nodes_of_its_own_network(
        string policy, string network, string address, bool expected)
    {
        var cluster = Cluster(policy, DhcpMode.Server);
        cluster = cluster with
        {
            Networks =
            [
                cluster.Network with { Name = "rack-a" },
                cluster.Network with { Name = "rack-b", Subnet = IPNetwork.Parse("10.1.0.0/24") },
                cluster.Network with { Name = "rack-c", Subnet = IPNetwork.Parse("10.2.0.0/24") },
            ],
        };
        var told = SpeakerAt(address, 1, 0).Refusal(Node with { Ip = null, Network = network }, cluster, OwnerOf);
        Assert.Equal(expected, told is null);
        Assert.Contains(expected ? "" : "another network than n1", told?.Reason ?? "", StringComparison.Ordinal);
    }

    /// <summary>Where another server gives the addresses, the wire is all that tells which one.</summary>
    [Theory]
    [InlineData(DhcpMode.Proxy, 1, true)]
    [InlineData(DhcpMode.Off, 2, true)]
    [InlineData(DhcpMode.Off, 9, false)]
    [InlineData(DhcpMode.Off, 3, false)]
    public void Beside_another_DHCP_server_the_card_is_enough(object mode, int card, bool expected) =>
        Assert.Equal(expected, Refusal("guarded", (DhcpMode)mode, Node with { Ip = null }, "10.0.0.77", 0, card) is null);

    /// <summary>ARP is what anybody says; the frame that began the connection came from one card.</summary>
    [Theory]
    [InlineData("guarded", 1, null)]
    [InlineData("guarded", 2, null)]
    [InlineData("guarded", 9, "came from another one, 52:54:00:aa:00:09")]
    [InlineData("guarded", 3, "which is n2's")]
    [InlineData("guarded", 0, "the kernel does not tell")]
    [InlineData("address", 9, null)]
    [InlineData("address", 3, "which is n2's")]
    public void A_connection_must_have_begun_at_the_nodes_card_too(string policy, int opener, string? refusal)
    {
        var speaker = new Speaker(
            IPAddress.Parse("10.0.0.11"), null, [Own], new Opening(opener == 0 ? null : Mac(opener)));
        var told = speaker.Refusal(Node, Cluster(policy, DhcpMode.Server), OwnerOf);
        Assert.Equal(refusal is null, told is null);
        Assert.Contains(refusal ?? "", told?.Reason ?? "", StringComparison.Ordinal);
        Assert.Equal(opener == 0, told is { IsPassing: true });
    }

    [Theory]
    [InlineData(9, true, false)]
    [InlineData(1, false, false)]
    [InlineData(0, false, true)]
    public void Nor_is_a_machine_that_nobody_planned_believed_for_ARP_alone(int opener, bool expected, bool isPassing)
    {
        var told = new Speaker(IPAddress.Parse("10.0.0.50"), null, [Foreign], new Opening(opener == 0 ? null : Mac(opener)))
            .Refusal(Foreign, Cluster("guarded", DhcpMode.Server));
        Assert.Equal((expected, isPassing), (told is null, told is { IsPassing: true }));
    }

    [Fact]
    public void Who_is_at_another_card_is_denied_for_good_whatever_the_kernel_kept() => Assert.False(
        new Speaker(IPAddress.Parse("10.0.0.11"), null, [Foreign], new Opening(null))
            .Refusal(Node, Cluster("guarded", DhcpMode.Server), OwnerOf)!.IsPassing);

    /// <summary>An address that is on two networks at once is not believed for the sake of one of them.</summary>
    [Fact]
    public void A_second_card_at_the_address_is_enough_to_refuse() => Assert.NotNull(
        new Speaker(IPAddress.Parse("10.0.0.11"), null, [Own, Foreign]).Refusal(
            Node, Cluster("guarded", DhcpMode.Server), OwnerOf));

    [Theory]
    [InlineData("10.0.0.50", 0, 9, true)]
    [InlineData("10.0.0.50", 9, 1, false)]
    [InlineData("10.0.0.50", 9, 0, false)]
    [InlineData("192.168.9.9", 9, 0, true)]
    public void A_machine_that_nobody_planned_speaks_for_its_own_card(string address, int leased, int card, bool expected) =>
        Assert.Equal(
            expected, SpeakerAt(address, leased, card).Refusal(Foreign, Cluster("guarded", DhcpMode.Server)) is null);

    private static string? Refusal(string policy, DhcpMode mode, Node node, string address, int leased, int card) =>
        SpeakerAt(address, leased, card).Refusal(node, Cluster(policy, mode), OwnerOf)?.Reason;

    private static Speaker SpeakerAt(string address, int leased, int card) =>
        new(IPAddress.Parse(address), leased == 0 ? null : Mac(leased), card == 0 ? [] : [Mac(card)]);

    private static ClusterDescription Cluster(string policy, DhcpMode mode) => Sample.Cluster(Node, Other) with
    {
        Secrets = Enum.Parse<SecretsPolicy>(policy, ignoreCase: true),
        Network = Sample.Cluster().Network with { Subnet = IPNetwork.Parse("10.0.0.0/24") },
        Dhcp = new DhcpSettings { Mode = mode },
    };

    private static Node? OwnerOf(MacAddress card) =>
        card == Own || card == Accepted ? Node : card == Others ? Other : null;

    private static MacAddress Mac(int number) => new(0x525400aa0000UL + (ulong)number);
}
