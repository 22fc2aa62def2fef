using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>Under which names the nodes of a cluster reach one another.</summary>
internal static class EtcdPeer
{
    /// <summary>How the others reach a node: its address, or its full name where it has no fixed one.</summary>
    public static string HostOf(Node node, ClusterDescription cluster) =>
        node.Ip?.ToString() ?? $"{node.HostName}.{cluster.DomainName}";

    /// <summary>By which etcd's members know one another.</summary>
    public static string UrlOf(Node node, ClusterDescription cluster) => $"https://{HostOf(node, cluster)}:2380";
}
