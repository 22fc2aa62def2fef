using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// The container images that the nodes of a cluster will ask for: what the Kubernetes release needs, the network between pods,
/// an ingress controller where a node runs one, and whatever else <c>images</c> names.
/// </summary>
internal static class ContainerImages
{
    private const string Kubernetes = "registry.k8s.io";

    /// <summary>flannel's own manifest of this release names both.</summary>
    private const string FlannelVersion = "v0.28.4", FlannelPluginVersion = "v1.9.1-flannel1";

    /// <summary>ingress-nginx's own manifest of this release names both.</summary>
    private const string IngressVersion = "v1.15.1", IngressCertgenVersion = "v1.6.9";

    /// <summary>For Kubernetes 1.31 and newer, as metrics-server says.</summary>
    private const string MetricsServerVersion = "v0.8.1";

    /// <summary>Its pods that make and remove directories run busybox.</summary>
    private const string LocalPathVersion = "v0.0.37", BusyboxVersion = "1.37.0";

    /// <summary>
    /// Each image once, ordered by its part. An image of <c>images</c> takes the place of ours that plays the same part; one of
    /// the operator's objects plays the part of its own name.
    /// </summary>
    public static IReadOnlyList<ContainerImage> Of(ClusterDescription cluster) =>
    [
        .. Defaults(cluster).Where(image => image.Value is not null)
            .Concat(cluster.Images.Select(image => KeyValuePair.Create(image.Key, (string?)image.Value)))
            .Concat(Brought(cluster))
                .GroupBy(
                    image => image.Key,
                    (part, images) => new ContainerImage(part, ImageReference.Parse(images.Last().Value!)),
                    StringComparer.Ordinal)
                .OrderBy(image => image.Part, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Parts for which neither we nor the description knows an image: of a Kubernetes release that is too new for us, or too old.
    /// </summary>
    public static IReadOnlyList<string> Unknown(ClusterDescription cluster) =>
        [.. Defaults(cluster).Where(image => image.Value is null && !cluster.Images.ContainsKey(image.Key))
            .Select(image => image.Key)];

    private static IEnumerable<KeyValuePair<string, string?>> Defaults(ClusterDescription cluster)
    {
        var addons = Addons.Of(cluster);
        return
        [
            .. OfKubernetes(cluster.Kubernetes.Version, addons),
            .. addons.Flannel ? Flannel : [],
            .. addons.Ingress ? Ingress : [],
            .. addons.MetricsServer ? MetricsServer : [],
            .. addons.LocalPathStorage ? LocalPath : [],
        ];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Brought(ClusterDescription cluster) =>
        from manifest in cluster.Manifests
        from image in manifest.Images
        select KeyValuePair.Create($"{image.Reference}", (string?)$"{image.Reference}");

    private static IEnumerable<KeyValuePair<string, string?>> OfKubernetes(string version, Addons addons)
    {
        var release = KubernetesRelease.Find(version);
        return
        [
            new("kube-apiserver", $"{Kubernetes}/kube-apiserver:v{version}"),
            new("kube-controller-manager", $"{Kubernetes}/kube-controller-manager:v{version}"),
            new("kube-scheduler", $"{Kubernetes}/kube-scheduler:v{version}"),
            .. addons.KubeProxy ? [new("kube-proxy", $"{Kubernetes}/kube-proxy:v{version}")] : NoImages,
            .. addons.Coredns
                ? [new("coredns", release is null ? null : $"{Kubernetes}/coredns/coredns:{release.Coredns}")]
                : NoImages,
            new("etcd", release is null ? null : $"{Kubernetes}/etcd:{release.Etcd}"),
            new("pause", release is null ? null : $"{Kubernetes}/pause:{release.Pause}"),
        ];
    }

    private static readonly KeyValuePair<string, string?>[] NoImages = [];

    private static readonly KeyValuePair<string, string?>[] Flannel =
    [
        new("flannel", $"ghcr.io/flannel-io/flannel:{FlannelVersion}"),
        new("flannel-cni-plugin", $"ghcr.io/flannel-io/flannel-cni-plugin:{FlannelPluginVersion}"),
    ];

    private static readonly KeyValuePair<string, string?>[] MetricsServer =
        [new("metrics-server", $"{Kubernetes}/metrics-server/metrics-server:{MetricsServerVersion}")];

    private static readonly KeyValuePair<string, string?>[] LocalPath =
    [
        new("local-path-provisioner", $"docker.io/rancher/local-path-provisioner:{LocalPathVersion}"),
        new("local-path-helper", $"docker.io/library/busybox:{BusyboxVersion}"),
    ];

    private static readonly KeyValuePair<string, string?>[] Ingress =
    [
        new("ingress", $"{Kubernetes}/ingress-nginx/controller:{IngressVersion}"),
        new("ingress-certgen", $"{Kubernetes}/ingress-nginx/kube-webhook-certgen:{IngressCertgenVersion}"),
    ];
}

/// <summary>A container image and the part it plays in the cluster.</summary>
/// <param name="Upstream">The name by which nodes ask for it; our registry answers in the place of that one.</param>
internal sealed record ContainerImage(string Part, ImageReference Upstream)
{
    /// <summary>Its name with the digest that the description has, or that is known of our registry.</summary>
    /// <param name="digests">By whole names.</param>
    public ImageReference Pinned(IReadOnlyDictionary<string, string>? digests) =>
        Upstream with { Digest = Upstream.Digest ?? digests?.GetValueOrDefault($"{Upstream}") };
}
