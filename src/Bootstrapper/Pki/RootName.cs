namespace Bootstrapper.Pki;

/// <summary>
/// The three roots of a cluster. They are apart because what one of them signs must mean nothing to the others: a kubelet is
/// no client of etcd, and nobody but the API server may speak in the name of others to an extension API server.
/// </summary>
internal enum RootName
{
    Cluster,
    Etcd,
    FrontProxy,
}

/// <summary>Where a root lies, and what it is called.</summary>
internal static class RootNames
{
    public static IReadOnlyList<RootName> All { get; } = [RootName.Cluster, RootName.Etcd, RootName.FrontProxy];

    public static RootPaths PathsOf(this Bsroot bsroot, RootName root) => root switch
    {
        RootName.Etcd => bsroot.EtcdRoot,
        RootName.FrontProxy => bsroot.FrontProxyRoot,
        _ => bsroot.ClusterRoot,
    };

    /// <summary>As operators type it, and as kubeadm has it.</summary>
    public static string Word(this RootName root) => root switch
    {
        RootName.Etcd => "etcd",
        RootName.FrontProxy => "front-proxy",
        _ => "cluster",
    };

    /// <summary>The name that a root of our own making bears.</summary>
    public static string CommonName(this RootName root) => root switch
    {
        RootName.Etcd => "etcd-ca",
        RootName.FrontProxy => "front-proxy-ca",
        _ => "kube-ca",
    };
}
