using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>What the nodes' configurations say about the cluster they form.</summary>
internal sealed record KubernetesSettings
{
    /// <summary>Without a leading <c>v</c>.</summary>
    public string Version { get; init; } = "1.35.0";

    public IPNetwork PodCidr { get; init; } = IPNetwork.Parse("10.244.0.0/16");

    public IPNetwork ServiceCidr { get; init; } = IPNetwork.Parse("10.96.0.0/12");

    /// <summary>Address of the cluster's DNS service, inside <see cref="ServiceCidr"/>.</summary>
    public IPAddress ClusterDns { get; init; } = IPAddress.Parse("10.96.0.10");

    /// <summary>Name or address by which nodes reach the API server; <c>null</c> for the first control-plane node.</summary>
    public string? ApiEndpoint { get; init; }

    /// <summary>More addresses that the API server's certificate must hold: load balancers, addresses outside.</summary>
    public IReadOnlyList<IPAddress> ApiAddresses { get; init; } = [];

    /// <summary>More names that the API server's certificate must hold.</summary>
    public IReadOnlyList<string> ApiNames { get; init; } = [];

    public FlannelBackend FlannelBackend { get; init; } = FlannelBackend.Vxlan;
}

internal enum FlannelBackend
{
    Vxlan,
    HostGw,
    Udp,
}
