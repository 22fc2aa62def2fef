using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Tests.Inventory;

/// <summary>A bond of cards that the machine did not report.</summary>
public sealed class UnknownCardsTests
{
    private const string Description = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        profiles:
          - name: bonded
            network: {links: [{name: bond0, kind: bond, members: [boot, second]}]}
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: one, kube_master: y, etcd_member: y}
          - mac: "52:54:00:00:00:02"
            hostname: two
            profile: bonded
            network: {links: [{name: second, mac: "52:54:00:00:01:02"}]}
        """;

    [Fact]
    public void A_card_that_was_not_reported_is_a_warning_at_the_node()
    {
        var read = ClusterDescriptionReader.Read(Description);

        var problem = Assert.Single(UnknownCards.Of(read.Cluster!, [Reporting("52:54:00:00:00:02", "52:54:00:00:01:03")]));

        Assert.Equal(
            "cluster-desc.yml:13:22: warning: nodes[1].network.links: two has no card 52:54:00:00:01:02 by what it last reported "
                + "(52:54:00:00:00:02, 52:54:00:00:01:03), and that is second, of which bond0 is made: look for a slip, or for a "
                + "card without a driver in the live system",
            read.Locate(problem).Format("cluster-desc.yml"));
    }

    [Fact]
    public void One_that_was_reported_is_none_and_neither_is_a_machine_that_reported_nothing()
    {
        var cluster = ClusterDescriptionReader.Read(Description).Cluster!;

        Assert.Empty(UnknownCards.Of(cluster, [Reporting("52:54:00:00:00:02", "52:54:00:00:01:02")]));
        Assert.Empty(UnknownCards.Of(cluster, [Reporting()]));
        Assert.Empty(UnknownCards.Of(cluster, []));
    }

    private static NodeRecord Reporting(params string[] cards) => new()
    {
        Mac = Mac("52:54:00:00:00:02"),
        Since = DateTimeOffset.UnixEpoch,
        Facts = new NodeFacts { Nics = [.. cards.Select(card => new NicFacts("eth0", Mac(card), Link: true))] },
    };

    private static MacAddress Mac(string text) => MacAddress.Parse(text, null);
}
