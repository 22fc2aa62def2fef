using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Support;

/// <summary>Descriptions for tests that need one and do not mind which.</summary>
internal static class Clusters
{
    public static ClusterDescription Small { get; } = new()
    {
        Bootstrapper = IPAddress.Parse("10.10.14.253"),
        DomainName = "k8s.example",
        DockerDomain = "registry",
        Dhcp = new DhcpSettings(),
        Network = new Network
        {
            Subnet = IPNetwork.Parse("10.10.14.0/24"),
            Broadcast = IPAddress.Parse("10.10.14.255"),
            NameServers = [],
        },
    };
}
