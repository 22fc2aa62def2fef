using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

/// <summary>What machines of each network are told of the bootstrapper's address.</summary>
public sealed class NetworksTests
{
    [Fact]
    public void The_first_network_too_is_told_the_address_in_it_where_the_main_one_is_in_none()
    {
        var cluster = ClusterDescriptionReader.Read("""
            bootstrapper: 10.30.0.1
            networks:
              - {name: rack-a, subnet: 10.31.0.0/24, bootstrapper: 10.31.0.1, iplow: 10.31.0.100, iphigh: 10.31.0.199}
              - {name: rack-b, subnet: 10.32.0.0/24, routers: [10.32.0.254], iplow: 10.32.0.100, iphigh: 10.32.0.199}
            nodes: [{mac: "52:54:00:31:00:01", ip: 10.31.0.11, kube_master: y, etcd_member: y}]
            """).Cluster!;

        Assert.Equal(IPAddress.Parse("10.31.0.1"), cluster.SeenFrom(cluster.Nodes[0]).Bootstrapper);
        Assert.Equal(IPAddress.Parse("10.30.0.1"), cluster.SeenFrom(cluster.Networks[1]).Bootstrapper);
        Assert.Equal(IPAddress.Parse("10.30.0.1"), cluster.Bootstrapper);
    }
}
