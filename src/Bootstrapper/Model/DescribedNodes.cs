using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// Who is described now, as control planes ask to find out who is no longer: one line each, host name and peer URL of its etcd,
/// or <c>-</c> where it has none. Nothing that our DNS would not tell anybody.
/// </summary>
internal static class DescribedNodes
{
    public static string Of(ClusterDescription cluster) => string.Concat(cluster.Nodes.Select(node =>
        $"{node.HostName} {(node.Roles.HasFlag(NodeRoles.EtcdMember) ? EtcdPeer.UrlOf(node, cluster) : "-")}\n"));
}
