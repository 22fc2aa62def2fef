using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>What the nodes' configurations say about the cluster they form.</summary>
internal sealed record KubernetesSettings(Section From) : Settings
{
    private static readonly IPNetwork DefaultServices = IPNetwork.Parse("10.96.0.0/12");

    public KubernetesSettings()
        : this(Section.None)
    {
    }

    /// <summary>Without a leading <c>v</c>.</summary>
    public string Version { get; init; } = From.Value(KubernetesKeys.Version);

    public KubernetesInstall Install { get; init; } = From.Value(KubernetesKeys.Install);

    public IPNetwork PodCidr { get; init; } = From.Value(KubernetesKeys.PodCidr);

    public IPNetwork ServiceCidr { get; init; } = ServicesOf(From)!.Value;

    /// <summary>Address of the cluster's DNS service, inside <see cref="ServiceCidr"/>.</summary>
    public IPAddress ClusterDns { get; init; } = DnsOf(From)!.Value;

    public string ClusterName { get; init; } = From.Value(KubernetesKeys.ClusterName);

    /// <summary>
    /// Name or address by which nodes reach the API server. Our DNS gives for a name the addresses of all control-plane nodes.
    /// </summary>
    public string ApiEndpoint { get; init; } =
        From.Given(KubernetesKeys.ApiEndpoint)?.Value ?? $"kubernetes.{From.Value(ClusterKeys.DomainName)}";

    public Cni Cni { get; init; } = From.Value(KubernetesKeys.Cni);

    /// <summary>Where in <c>manifests/</c> the operator's objects for it are; <c>null</c> where none are needed.</summary>
    public string? CniFolder => Cni switch
    {
        Cni.Cilium => "cilium",
        Cni.Calico => "calico",
        _ => null,
    };

    public KubeProxy KubeProxy { get; init; } = From.Value(KubernetesKeys.KubeProxy);

    public bool Coredns { get; init; } = From.Value(KubernetesKeys.Coredns);

    public bool MetricsServer { get; init; } = From.Value(KubernetesKeys.MetricsServer);

    /// <summary>Volumes in directories of machines.</summary>
    public bool LocalPathStorage { get; init; } = From.Value(KubernetesKeys.LocalPathStorage);

    /// <summary>Whether the ingress controller is in the network of its machine, and not in that of the pods.</summary>
    public bool IngressHostNetwork { get; init; } = From.Value(KubernetesTopKeys.IngressHostNetwork);

    /// <summary><c>true</c> or <c>false</c> by the gate's name.</summary>
    public IReadOnlyDictionary<string, string> FeatureGates { get; init; } = From.Table(KubernetesKeys.FeatureGates);

    /// <summary>Arguments added to a program (<c>etcd</c>, <c>kube-apiserver</c> …), after ours.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraArgs { get; init; } =
        ExtraArgsKeys.Programs.ToDictionary(
            program => program.Name, IReadOnlyList<string> (program) => From.Values(program), StringComparer.Ordinal);

    /// <summary>More addresses that the API server's certificate must hold: load balancers, addresses outside.</summary>
    public IReadOnlyList<IPAddress> ApiAddresses { get; init; } = From.Values(KubernetesTopKeys.MasterAddresses);

    /// <summary>More names that the API server's certificate must hold.</summary>
    public IReadOnlyList<string> ApiNames { get; init; } = From.Values(KubernetesTopKeys.MasterNames);

    public PodSecurity PodSecurity { get; init; } = From.Value(KubernetesKeys.PodSecurity);

    public FlannelBackend FlannelBackend { get; init; } =
        From.Given(KubernetesKeys.FlannelBackend)?.Value ?? FlannelBackend.Vxlan;

    /// <returns><c>null</c> where it is there and cannot be read.</returns>
    public static Stated<IPNetwork>? ServicesOf(Section cluster) => cluster.Has(KubernetesKeys.ServiceCidr)
        ? cluster.Given(KubernetesKeys.ServiceCidr)
        : cluster.Holder(KubernetesKeys.ServiceCidr).Saying(DefaultServices);

    /// <returns>kubeadm's choice, the tenth of the services', where nobody says otherwise; <c>null</c> likewise.</returns>
    public static Stated<IPAddress>? DnsOf(Section cluster) => cluster.Has(KubernetesKeys.ClusterDns)
        ? cluster.Given(KubernetesKeys.ClusterDns)
        : ServicesOf(cluster)?.Select(services => Ipv4.ToAddress(services.BaseAddress.ToNumber() + 10));
}

/// <summary>How the kubelet and kubectl get onto a machine.</summary>
internal enum KubernetesInstall
{
    /// <summary>As files under <c>/opt</c>.</summary>
    Binaries,

    /// <summary>In an image that systemd-sysext lays over <c>/usr</c>.</summary>
    Sysext,
}

/// <summary>What connects pods.</summary>
internal enum Cni
{
    Flannel,

    /// <summary>The operator applies it, once there is a cluster.</summary>
    None,

    /// <summary>Of objects that the operator brings, as is the next.</summary>
    Cilium,

    Calico,
}

/// <summary>How services reach their pods.</summary>
internal enum KubeProxy
{
    Iptables,
    Nftables,
    Ipvs,

    /// <summary>What connects pods does it.</summary>
    None,
}

internal enum FlannelBackend
{
    Vxlan,
    HostGw,
    Udp,
}

/// <summary>What pods may be where their namespace does not say otherwise (Pod Security Standards).</summary>
internal enum PodSecurity
{
    /// <summary>Nothing that is known to give a pod power over its machine.</summary>
    Baseline,

    /// <summary>Whatever they ask for.</summary>
    Privileged,

    /// <summary>No more than an ordinary program needs.</summary>
    Restricted,
}

/// <summary>What the top level says of Kubernetes, as sextant had it.</summary>
internal static class KubernetesTopKeys
{
    public static readonly KeySet All = new();

    public static readonly SynonymKey<IPNetwork> ServiceCidr = All.Synonym(
        "k8s_service_cluster_ip_range", KubernetesKeys.ServiceCidr, "sextant's name for kubernetes.service_cidr.");

    public static readonly SynonymKey<IPAddress> ClusterDns = All.Synonym(
        "k8s_cluster_dns", KubernetesKeys.ClusterDns, "sextant's name for kubernetes.cluster_dns.");

    public static readonly ListKey<IPAddress> MasterAddresses = All.List("kube_master_ip", NetworkSyntax.Address,
        "More addresses under which the API server is reached; its certificate holds them. Default: none.");

    public static readonly ListKey<string> MasterNames = All.List("kube_master_dns", NameSyntax.Domain,
        "More names under which the API server is reached; its certificate holds them. Default: none.");

    public static readonly SynonymKey<FlannelBackend> FlannelBackend = All.Synonym(
        "flannel_backend", KubernetesKeys.FlannelBackend, "sextant's name for kubernetes.flannel_backend.");

    public static readonly ValueKey<bool> IngressHostNetwork = All.Value("ingress_hostnetwork", TextSyntax.Flag,
        "Whether the ingress controller is in its machine's own network. Otherwise the ports 80 and 443 lead to it.",
        fallback: "n");

    public static readonly SectionKey Kubernetes = All.Section("kubernetes", KubernetesKeys.All,
        "The Kubernetes cluster that the machines form.");
}

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

    public static readonly ValueKey<string> ClusterName = All.Value("cluster_name", NameSyntax.ClusterName,
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
        "cni",
        Choice.Of([
            ("flannel", Cluster.Cni.Flannel),
            ("none", Cluster.Cni.None),
            ("cilium", Cluster.Cni.Cilium),
            ("calico", Cluster.Cni.Calico)]),
        "What connects pods. cilium, calico: by objects that you put into manifests/. none: you install one.",
        fallback: "flannel");

    public static readonly ValueKey<KubeProxy> KubeProxy = All.Value(
        "kube_proxy",
        Choice.Of([
            ("iptables", Cluster.KubeProxy.Iptables),
            ("nftables", Cluster.KubeProxy.Nftables),
            ("ipvs", Cluster.KubeProxy.Ipvs),
            ("none", Cluster.KubeProxy.None)]),
        "How services reach their pods. none: what connects pods does it.", fallback: "iptables");

    public static readonly ValueKey<bool> Coredns = All.Value("coredns", TextSyntax.Flag,
        "Whether CoreDNS is installed, which gives services names.", fallback: "y");

    public static readonly ValueKey<bool> MetricsServer = All.Value("metrics_server", TextSyntax.Flag,
        "Whether metrics-server is installed, for kubectl top and autoscaling.", fallback: "n");

    public static readonly ValueKey<bool> LocalPathStorage = All.Value("local_path_storage", TextSyntax.Flag,
        "Whether local-path-provisioner is installed, which makes volumes of directories of machines.", fallback: "n");

    public static readonly ValueKey<FlannelBackend> FlannelBackend = All.Value("flannel_backend", Backend,
        "How flannel carries packets between pods; sextant had the key at the top. Default: vxlan.");

    public static readonly ValueKey<PodSecurity> PodSecurity = All.Value(
        "pod_security",
        Choice.Of([
            ("baseline", Cluster.PodSecurity.Baseline),
            ("privileged", Cluster.PodSecurity.Privileged),
            ("restricted", Cluster.PodSecurity.Restricted)]),
        "What pods may be in a namespace that does not say otherwise.", fallback: "baseline");

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

    public static ListKey<string> Of(string program) => Programs.Single(key => key.Name == program);
}
