using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>What a cluster runs beside its control plane, of what we have objects and images for.</summary>
internal sealed record Addons
{
    public required bool KubeProxy { get; init; }

    public required bool Coredns { get; init; }

    public required bool Flannel { get; init; }

    /// <summary>Whether a node runs an ingress controller, or may come to.</summary>
    public required bool Ingress { get; init; }

    public required bool MetricsServer { get; init; }

    public required bool LocalPathStorage { get; init; }

    public static Addons Of(ClusterDescription cluster) => new()
    {
        KubeProxy = cluster.Kubernetes.KubeProxy != Cluster.KubeProxy.None,
        Coredns = cluster.Kubernetes.Coredns,
        Flannel = cluster.Kubernetes.Cni == Cni.Flannel,
        Ingress = cluster.Nodes.Any(node => node.Roles.HasFlag(NodeRoles.Ingress))
            || cluster.Profiles.Any(profile => profile.Roles.HasFlag(NodeRoles.Ingress)),
        MetricsServer = cluster.Kubernetes.MetricsServer,
        LocalPathStorage = cluster.Kubernetes.LocalPathStorage,
    };
}
