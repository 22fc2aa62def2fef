using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// One of the certificates that a node's roles call for: what it is called, who signs it, whom it is for, and where the node
/// keeps it.
/// </summary>
/// <param name="Name">Names the file in <c>tls/&lt;mac&gt;/</c>, and the leaf in a request for the next one.</param>
/// <param name="Path">On the node, without <c>.crt</c> and <c>.key</c>.</param>
internal sealed record NodeLeaf(string Name, RootName Root, string Path, LeafProfile Profile)
{
    /// <summary>The machine as such: what it shows to us, and to whom an operator's template wants it shown.</summary>
    public const string Machine = "node";

    public const string KubeletClient = "kubelet-client";

    public const string KubeletServing = "kubelet-serving";

    /// <summary>
    /// Since 1.29 kubeadm's administrators are a group like any other, which a role binding makes powerful and can make
    /// powerless.
    /// </summary>
    public const string Administrators = "kubeadm:cluster-admins";

    private const string Pki = "/etc/kubernetes/pki";

    /// <summary>Where the node has the root that it ends at.</summary>
    public string RootPath => NodeRoot.PathOf(Root);

    /// <summary>All that this node needs: the tables in docs/certificates.md.</summary>
    public static IEnumerable<NodeLeaf> Of(Node node, ClusterDescription cluster) => EveryNode(node, cluster)
        .Concat(node.Roles.HasFlag(NodeRoles.KubeMaster) ? ControlPlane(node, cluster) : [])
        .Concat(node.Roles.HasFlag(NodeRoles.EtcdMember) ? EtcdMember(node, cluster) : []);

    /// <returns><c>null</c> when this node has no leaf of that name.</returns>
    public static NodeLeaf? Find(Node node, ClusterDescription cluster, string name) =>
        Of(node, cluster).FirstOrDefault(leaf => leaf.Name == name);

    /// <summary>Whether the node may ask us for more with it.</summary>
    public bool IsIdentity =>
        Profile.Usage.HasFlag(LeafUsage.Client) && Profile.CommonName.StartsWith("system:node:", StringComparison.Ordinal);

    private static IEnumerable<NodeLeaf> EveryNode(Node node, ClusterDescription cluster)
    {
        var client = new LeafProfile($"system:node:{node.HostName}")
        {
            Organizations = ["system:nodes"],
            Usage = LeafUsage.Client,
        };
        var server = client with { DnsNames = Names(node, cluster), Addresses = Own(node), Usage = LeafUsage.Server };
        yield return new(Machine, RootName.Cluster, $"{Pki}/node", server with { Usage = LeafUsage.Server | LeafUsage.Client });
        yield return new(KubeletClient, RootName.Cluster, $"{Pki}/kubelet-client", client);
        yield return new(KubeletServing, RootName.Cluster, $"{Pki}/kubelet", server);
    }

    private static IEnumerable<NodeLeaf> ControlPlane(Node node, ClusterDescription cluster)
    {
        yield return new("apiserver", RootName.Cluster, $"{Pki}/apiserver", new LeafProfile("kube-apiserver")
        {
            DnsNames = ApiServer.Names(node, cluster),
            Addresses = ApiServer.Addresses(node, cluster),
            Usage = LeafUsage.Server,
        });
        yield return Client("apiserver-kubelet-client", RootName.Cluster, "kube-apiserver-kubelet-client", Administrators);
        yield return Client("apiserver-etcd-client", RootName.Etcd, "kube-apiserver-etcd-client");
        yield return Client("front-proxy-client", RootName.FrontProxy, "front-proxy-client");
        yield return Client("controller-manager", RootName.Cluster, "system:kube-controller-manager");
        yield return Client("scheduler", RootName.Cluster, "system:kube-scheduler");
        yield return Client("admin", RootName.Cluster, "kubernetes-admin", Administrators);
        yield return Client("super-admin", RootName.Cluster, "kubernetes-super-admin", "system:masters");
    }

    private static IEnumerable<NodeLeaf> EtcdMember(Node node, ClusterDescription cluster)
    {
        // Both usages for the server as well: its gRPC gateway dials the member it belongs to.
        var member = new LeafProfile("kube-etcd")
        {
            DnsNames = [.. Names(node, cluster), "localhost"],
            Addresses = [.. Own(node), IPAddress.Loopback],
        };
        yield return new("etcd-server", RootName.Etcd, $"{Pki}/etcd/server", member);
        yield return new("etcd-peer", RootName.Etcd, $"{Pki}/etcd/peer", member with { CommonName = "kube-etcd-peer" });
        yield return new(
            "etcd-healthcheck-client",
            RootName.Etcd,
            $"{Pki}/etcd/healthcheck-client",
            new LeafProfile("kube-etcd-healthcheck-client") { Usage = LeafUsage.Client });
    }

    private static NodeLeaf Client(string name, RootName root, string commonName, params string[] groups) =>
        new(name, root, $"{Pki}/{name}", new LeafProfile(commonName) { Organizations = groups, Usage = LeafUsage.Client });

    private static IReadOnlyList<string> Names(Node node, ClusterDescription cluster) =>
        DomainNames.Of([node.HostName], cluster.DomainName);

    private static IReadOnlyList<IPAddress> Own(Node node) => node.Ip is { } address ? [address] : [];
}
