using System.Net;

namespace Bootstrapper.Cluster.Keys;

/// <summary>The section <c>kubernetes</c>.</summary>
internal static class KubernetesKeys
{
    public static readonly KeySet All = new();

    public static readonly Syntax<FlannelBackend> Backend =
        Choice.Of([
            ("vxlan", Cluster.FlannelBackend.Vxlan),
            ("host-gw", Cluster.FlannelBackend.HostGw),
            ("udp", Cluster.FlannelBackend.Udp)]);

    public static readonly ValueKey<string> Version = All.Value("version", TextSyntax.KubernetesVersion,
        "Kubernetes release.", fallback: "1.35.0");

    public static readonly ValueKey<KubernetesInstall> Install = All.Value("install",
        Choice.Of([("binaries", KubernetesInstall.Binaries), ("sysext", KubernetesInstall.Sysext)]),
        "How the kubelet and kubectl get onto machines: as files, or as an image for systemd-sysext.", fallback: "binaries");

    public static readonly ValueKey<string> ClusterName = All.Value("cluster_name", NameSyntax.ProfileName,
        "Name of the cluster; etcd's members know each other by it.", fallback: "kubernetes");

    public static readonly ValueKey<IPNetwork> PodCidr = All.Value("pod_cidr", NetworkSyntax.Network,
        "Network of the addresses that pods get.", fallback: "10.244.0.0/16");

    public static readonly ValueKey<IPNetwork> ServiceCidr = All.Value("service_cidr", NetworkSyntax.Network,
        "Network of the addresses that services get; sextant called it k8s_service_cluster_ip_range. Default: 10.96.0.0/12.");

    public static readonly ValueKey<IPAddress> ClusterDns = All.Value("cluster_dns", NetworkSyntax.Address,
        "Address of the cluster's DNS service; sextant called it k8s_cluster_dns. Default: the tenth of service_cidr.");

    public static readonly ValueKey<string> ApiEndpoint = All.Value("api_endpoint", NameSyntax.HostNameOrAddress,
        "Name or address by which the machines reach the API server, without port. "
            + "Our DNS gives for a name the addresses of all control-plane machines. Default: kubernetes.<domainname>.");

    public static readonly ValueKey<Cni> Cni = All.Value(
        "cni", Choice.Of([("flannel", Cluster.Cni.Flannel), ("none", Cluster.Cni.None)]),
            "What connects pods. none: you install one.", fallback: "flannel");

    public static readonly ValueKey<FlannelBackend> FlannelBackend = All.Value("flannel_backend", Backend,
        "How flannel carries packets between pods; sextant had the key at the top. Default: vxlan.");

    public static readonly TableKey FeatureGates = All.Table("feature_gates", NameSyntax.VariableName, TextSyntax.TrueOrFalse,
        "Feature gates of all Kubernetes programs. Default: none.");

    public static readonly SectionKey ExtraArgs = All.Section("extra_args", ExtraArgsKeys.All,
        "Arguments added to programs, after ours.");
}

/// <summary>The section <c>kubernetes.extra_args</c>: one list for each program.</summary>
internal static class ExtraArgsKeys
{
    public static readonly KeySet All = new();

    public static readonly IReadOnlyList<ListKey<string>> Programs =
    [
        .. new[] { "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet" }
            .Select(program => All.List(program, TextSyntax.Argument, $"Arguments of {program}, such as --v=2. Default: none.")),
    ];
}
