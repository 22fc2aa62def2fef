using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Model;

public sealed class DescribedNodesTests
{
    [Fact]
    public void Each_node_is_a_line_with_the_peer_URL_of_its_etcd() => Assert.Equal(
        ThreeMastersTwoWorkers.Cluster.Nodes.Select(node => node.Roles.HasFlag(NodeRoles.EtcdMember)
            ? $"{node.HostName} https://{node.Ip}:2380"
            : $"{node.HostName} -"),
        DescribedNodes.Of(ThreeMastersTwoWorkers.Cluster).TrimEnd('\n').Split('\n'));

    [Fact]
    public void A_member_whose_address_is_leased_is_called_by_its_name()
    {
        var member = Sample.Node() with { Ip = null, Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember };
        var cluster = Sample.Cluster(member);
        Assert.Equal(
            $"{member.HostName} https://{member.HostName}.{cluster.DomainName}:2380\n", DescribedNodes.Of(cluster));
    }

    [Fact]
    public async Task Whoever_asks_is_told_who_is_described()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)));
        using var stranger = daemon.From("127.0.9.9");
        var told = await stranger.GetStringAsync(new Uri("/described", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("n1 -\nn2 -\n", told);
    }
}
