using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// All that a node needs to prove who it is and to know others: the files under <c>/etc/kubernetes</c>, by its roles.
/// </summary>
internal sealed class NodeCredentials(Authorities authorities, NodeLeaves leaves, ControlPlaneSecrets secrets)
{
    private const string Kubernetes = "/etc/kubernetes";

    /// <summary>The same files, byte for byte, until a leaf is issued again.</summary>
    /// <exception cref="PkiException">A root has expired.</exception>
    /// <exception cref="IOException">A leaf cannot be stored.</exception>
    public IReadOnlyList<PkiFile> For(Node node, ClusterDescription cluster) => Files(
        node,
        cluster,
        root => authorities[root].TrustPem,
        leaf => leaves.For(node, leaf),
        secrets);

    /// <summary>
    /// Files of the same paths with whatever content: what templates are tried with, and what operators are shown.
    /// </summary>
    public static IReadOnlyList<PkiFile> Files(
        Node node,
        ClusterDescription cluster,
        Func<RootName, string> trust,
        Func<NodeLeaf, Leaf> issue,
        ControlPlaneSecrets shared) =>
    [
        .. NodeRoot.Of(node).Select(root => new PkiFile(root.Path, PkiFile.Everybody, trust(root.Root))),
        .. NodeLeaf.Of(node, cluster).SelectMany(leaf => LeafFiles(leaf, issue(leaf))),
        .. node.Roles.HasFlag(NodeRoles.KubeMaster) ? Shared(shared) : [],
        .. Kubeconfigs(node, cluster),
    ];

    private static IEnumerable<PkiFile> LeafFiles(NodeLeaf leaf, Leaf issued) =>
    [
        new($"{leaf.Path}.crt", PkiFile.Everybody, issued.CertificatePem),
        new($"{leaf.Path}.key", PkiFile.RootAlone, issued.KeyPem),
    ];

    /// <summary>
    /// Programs of the control plane ask the API server beside them, so that no node waits for another; the administrator and
    /// the workers ask the one that all share.
    /// </summary>
    private static IEnumerable<PkiFile> Kubeconfigs(Node node, ClusterDescription cluster)
    {
        var (here, shared) = (ApiServer.LocalUrl, ApiServer.Url(cluster));
        var isMaster = node.Roles.HasFlag(NodeRoles.KubeMaster);
        yield return Conf("kubelet", NodeLeaf.KubeletClient, isMaster ? here : shared, $"system:node:{node.HostName}");
        if (isMaster)
        {
            yield return Conf("controller-manager", "controller-manager", here, "system:kube-controller-manager");
            yield return Conf("scheduler", "scheduler", here, "system:kube-scheduler");
            yield return Conf("admin", "admin", shared, "kubernetes-admin");
            yield return Conf("super-admin", "super-admin", here, "kubernetes-super-admin");
        }
    }

    private static PkiFile Conf(string name, string leaf, string server, string user) => new(
        $"{Kubernetes}/{name}.conf",
        PkiFile.RootAlone,
        new Kubeconfig(server, user).Naming(
            NodeRoot.PathOf(RootName.Cluster), $"{Kubernetes}/pki/{leaf}.crt", $"{Kubernetes}/pki/{leaf}.key"));

    /// <summary>What every control-plane node has alike.</summary>
    private static IEnumerable<PkiFile> Shared(ControlPlaneSecrets shared) =>
    [
        new($"{Kubernetes}/pki/sa.key", PkiFile.RootAlone, shared.ServiceAccountKeyPem),
        new($"{Kubernetes}/pki/sa.pub", PkiFile.Everybody, shared.ServiceAccountPublicPem),
        new($"{Kubernetes}/encryption.yaml", PkiFile.RootAlone, EncryptionYaml(shared.EncryptionKey)),
    ];

    /// <summary>Secrets are written encrypted; those that were stored in the clear can still be read.</summary>
    private static string EncryptionYaml(string key) => $$"""
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
          - resources: [secrets]
            providers:
              - secretbox:
                  keys:
                    - name: key1
                      secret: {{key}}
              - identity: {}

        """;
}
