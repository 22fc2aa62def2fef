using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>What the nodes' configurations say about the cluster they form.</summary>
internal sealed record KubernetesSettings
{
    /// <summary>Without a leading <c>v</c>.</summary>
    public string Version { get; init; } = "1.35.0";

    public KubernetesInstall Install { get; init; }

    public IPNetwork PodCidr { get; init; } = IPNetwork.Parse("10.244.0.0/16");

    public IPNetwork ServiceCidr { get; init; } = IPNetwork.Parse("10.96.0.0/12");

    /// <summary>Address of the cluster's DNS service, inside <see cref="ServiceCidr"/>.</summary>
    public IPAddress ClusterDns { get; init; } = IPAddress.Parse("10.96.0.10");

    public string ClusterName { get; init; } = "kubernetes";

    /// <summary>
    /// Name or address by which nodes reach the API server. Our DNS gives for a name the addresses of all control-plane nodes.
    /// </summary>
    public string ApiEndpoint { get; init; } = "kubernetes";

    public Cni Cni { get; init; } = Cni.Flannel;

    /// <summary>Whether the ingress controller is in the network of its machine, and not in that of the pods.</summary>
    public bool IngressHostNetwork { get; init; }

    /// <summary><c>true</c> or <c>false</c> by the gate's name.</summary>
    public IReadOnlyDictionary<string, string> FeatureGates { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Arguments added to a program (<c>etcd</c>, <c>kube-apiserver</c> …), after ours.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraArgs { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>More addresses that the API server's certificate must hold: load balancers, addresses outside.</summary>
    public IReadOnlyList<IPAddress> ApiAddresses { get; init; } = [];

    /// <summary>More names that the API server's certificate must hold.</summary>
    public IReadOnlyList<string> ApiNames { get; init; } = [];

    public FlannelBackend FlannelBackend { get; init; } = FlannelBackend.Vxlan;
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

    /// <summary>The operator brings it.</summary>
    None,
}

internal enum FlannelBackend
{
    Vxlan,
    HostGw,
    Udp,
}
