using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>A root that a node checks others with, and where its programs look for it.</summary>
/// <param name="Path">On the node, under <c>/etc/kubernetes</c>; the cluster's root lies in other places too.</param>
internal sealed record NodeRoot(RootName Root, string Path)
{
    private const string Pki = "/etc/kubernetes/pki";

    /// <summary>As we serve it: <c>/ca.crt</c>.</summary>
    public string Name => $"{(Root == RootName.Cluster ? "" : $"{Root.Word()}-")}ca.crt";

    /// <summary>Those that the node's roles call for; the cluster's own first.</summary>
    public static IReadOnlyList<NodeRoot> Of(Node node) =>
        [.. RootNames.All.Where(root => IsFor(root, node.Roles)).Select(root => new NodeRoot(root, PathOf(root)))];

    public static string PathOf(RootName root) => root switch
    {
        RootName.Etcd => $"{Pki}/etcd/ca.crt",
        RootName.FrontProxy => $"{Pki}/front-proxy-ca.crt",
        _ => $"{Pki}/ca.crt",
    };

    private static bool IsFor(RootName root, NodeRoles roles) => root switch
    {
        RootName.Etcd => (roles & (NodeRoles.KubeMaster | NodeRoles.EtcdMember)) != NodeRoles.None,
        RootName.FrontProxy => roles.HasFlag(NodeRoles.KubeMaster),
        _ => true,
    };
}
