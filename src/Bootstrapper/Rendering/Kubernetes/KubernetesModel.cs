using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Manifests;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Rendering.Kubernetes;

/// <summary>The names that a template may use for the Kubernetes that all nodes share.</summary>
internal sealed class KubernetesModel(ClusterDescription cluster, IReadOnlyDictionary<string, string>? digests)
{
    private const string ControlPlane = "node-role.kubernetes.io/control-plane";

    public string KubernetesVersion => cluster.Kubernetes.Version;

    /// <summary>Version of the API server's AuthenticationConfiguration.</summary>
    public string AuthenticationVersion => KubernetesRelease.Nearest(cluster.Kubernetes.Version).Authentication;

    /// <summary>Whether the programs come as an image for systemd-sysext.</summary>
    public bool Sysext => cluster.Kubernetes.Install == KubernetesInstall.Sysext;

    public string ClusterName => cluster.Kubernetes.ClusterName;

    public string PodCIDR => cluster.Kubernetes.PodCidr.ToString();

    public string K8sServiceClusterIPRange => cluster.Kubernetes.ServiceCidr.ToString();

    public string K8sClusterDNS => cluster.Kubernetes.ClusterDns.ToString();

    public string FlannelBackend => cluster.Kubernetes.FlannelBackend switch
    {
        Cluster.FlannelBackend.HostGw => "host-gw",
        Cluster.FlannelBackend.Udp => "udp",
        _ => "vxlan",
    };

    /// <summary>What pods may be in a namespace that does not say otherwise, by its name in Pod Security Standards.</summary>
    public string PodSecurity => cluster.Kubernetes.PodSecurity switch
    {
        Cluster.PodSecurity.Privileged => "privileged",
        Cluster.PodSecurity.Restricted => "restricted",
        _ => "baseline",
    };

    /// <summary>
    /// Of TLS 1.2, for keys of either kind; those of TLS 1.3 cannot be chosen. HTTP/2 needs the first of each kind.
    /// </summary>
    public string CipherSuites { get; } = string.Join(
        ',',
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

    public string ApiURL { get; } = ApiServer.Url(cluster);

    internal Addons Addons { get; } = Addons.Of(cluster);

    /// <summary>The operator's objects as nodes have them: with images of our registry.</summary>
    internal IReadOnlyList<RenderedFile> Brought { get; } =
    [
        .. from manifest in cluster.Manifests
           let text = manifest.With(image => NameOf(new ContainerImage(Part: "", image), cluster, digests)).TrimEnd('\n')
           select new RenderedFile(
               KubernetesFiles.PathOf(manifest),
               KubernetesFiles.OfRootAlone,
               $"# Of {ManifestReader.Folder}{manifest.Name}, with images of the bootstrapper's registry.\n{text}\n"),
    ];

    /// <summary>How services reach their pods; what there is where there is no kube-proxy is of no consequence.</summary>
    public string KubeProxyMode => cluster.Kubernetes.KubeProxy switch
    {
        KubeProxy.Nftables => "nftables",
        KubeProxy.Ipvs => "ipvs",
        _ => "iptables",
    };

    /// <summary>
    /// One for the machines that name no interface, which take that of the default route, and one for each that is named.
    /// </summary>
    public IReadOnlyList<Flannel> Flannels { get; } =
    [
        new Flannel(Interface: null),
        .. cluster.Nodes.Select(node => node.FlannelInterface).OfType<string>()
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new Flannel(name)),
    ];

    public bool IngressHostNetwork => cluster.Kubernetes.IngressHostNetwork;

    /// <summary>
    /// By the part they play: the names under which our registry has them, so that no node ever asks another; with their digests,
    /// so that it gets no other image.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Images { get; } = ContainerImages.Of(cluster)
        .Select(image => KeyValuePair.Create(image.Part, NameOf(image, cluster, digests))).ToList().MapOrNull(name => name);

    /// <summary>
    /// Labels that no kubelet may give its node, each as a Label <c>NAME=VALUE</c> with the Nodes that have it, by host name.
    /// </summary>
    public IReadOnlyList<LabelByApi>? LabelsByApi { get; } =
        (from node in cluster.Nodes
         from label in node.Labels.Where(label => !KubernetesLabel.IsForKubelets(label.Key))
             .Concat(
                 node.Roles.HasFlag(NodeRoles.KubeMaster) && !node.Labels.ContainsKey(ControlPlane)
                     ? [KeyValuePair.Create(ControlPlane, "")]
                     : [])
         select (Label: $"{label.Key}={label.Value}", node.HostName)).ToLookup(
            labelled => labelled.Label, labelled => labelled.HostName, StringComparer.Ordinal)
        .OrderBy(alike => alike.Key, StringComparer.Ordinal)
        .Select(alike => new LabelByApi(alike.Key, string.Join(' ', alike.Distinct(StringComparer.Ordinal)))).ToList().OrNull();

    /// <summary>As programs take them on their command lines: <c>A=true,B=false</c>.</summary>
    public string? FeatureGates { get; } =
        string.Join(',', cluster.Kubernetes.FeatureGates.Select(gate => $"{gate.Key}={gate.Value}")).OrNull();

    public IReadOnlyList<FeatureGate>? FeatureGateList { get; } =
        cluster.Kubernetes.FeatureGates.Select(gate => new FeatureGate(gate.Key, gate.Value)).ToList().OrNull();

    /// <summary>One list for each program that may have some, also where it has none.</summary>
    public IReadOnlyDictionary<string, object?>? ExtraArgs { get; } = ExtraArgsKeys.Programs
        .Select(program => KeyValuePair.Create(program.Name, cluster.Kubernetes.ExtraArgs.GetValueOrDefault(program.Name)))
        .ToList().MapOrNull(arguments => arguments?.OrNull());

    /// <summary>In our registry.</summary>
    private static string NameOf(
        ContainerImage image, ClusterDescription cluster, IReadOnlyDictionary<string, string>? digests) =>
        $"{RegistryMirror.NameOf(image.Pinned(digests), Urls.Registry(cluster))}";
}

/// <param name="Label"><c>NAME=VALUE</c>.</param>
/// <param name="Nodes">Host names with spaces between.</param>
internal sealed record LabelByApi(string Label, string Nodes);

/// <param name="Value"><c>true</c> or <c>false</c>.</param>
internal sealed record FeatureGate(string Name, string Value);

/// <summary>
/// flannel on one network interface; on that of the default route where there is no <paramref name="Interface"/>.
/// </summary>
internal sealed record Flannel(string? Interface)
{
    /// <summary>
    /// Of its daemon set, and the value of the label <c>bootstrapper/flannel</c> of its machines: only letters, digits and
    /// dashes.
    /// </summary>
    public string Name =>
        Interface is null
            ? "flannel"
            : "flannel-"
            + string.Concat(Interface.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).TrimEnd('-');
}
