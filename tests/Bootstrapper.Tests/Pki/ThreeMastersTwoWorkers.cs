using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Pki;

/// <summary>
/// A cluster as an operator plans one: three control planes with etcd, two workers, and more than one name for the API.
/// </summary>
internal static class ThreeMastersTwoWorkers
{
    public static IReadOnlyList<Node> Masters { get; } = [Master(1), Master(2), Master(3)];

    public static IReadOnlyList<Node> Workers { get; } = [Worker(1), Worker(2)];

    public static ClusterDescription Cluster { get; } = Clusters.Small with
    {
        Nodes = [.. Masters, .. Workers],
        Kubernetes = new KubernetesSettings
        {
            ServiceCidr = IPNetwork.Parse("10.100.0.0/16"),
            ApiEndpoint = "api.k8s.example",
            ApiNames = ["cluster.example.org"],
            ApiAddresses = [IPAddress.Parse("10.100.0.1"), IPAddress.Parse("192.0.2.10")],
        },
    };

    private static Node Master(int number) => new()
    {
        Mac = new MacAddress(0x525400000100UL + (ulong)number),
        HostName = $"master{number}",
        Ip = new IPAddress([10, 10, 14, (byte)number]),
        Channel = "stable",
        Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember,
    };

    private static Node Worker(int number) => new()
    {
        Mac = new MacAddress(0x525400000200UL + (ulong)number),
        HostName = $"worker{number}",
        Ip = new IPAddress([10, 10, 14, (byte)(100 + number)]),
        Channel = "stable",
    };
}
