using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What the file says of the Kubernetes cluster.</summary>
internal sealed record KubernetesDraft
{
    public required Stated<string>? Version { get; init; }

    public required Stated<IPNetwork>? PodCidr { get; init; }

    public required Stated<IPNetwork>? ServiceCidr { get; init; }

    /// <summary><c>null</c> also where it follows from <see cref="ServiceCidr"/>.</summary>
    public required Stated<IPAddress>? ClusterDns { get; init; }

    public required string? ApiEndpoint { get; init; }

    public required IReadOnlyList<IPAddress> ApiAddresses { get; init; }

    public required IReadOnlyList<string> ApiNames { get; init; }

    public required Stated<FlannelBackend>? FlannelBackend { get; init; }

    public static KubernetesDraft Read(YamlMap map)
    {
        var kubernetes = map.Section(ClusterKeys.Kubernetes);
        return new KubernetesDraft
        {
            Version = kubernetes.Get(KubernetesKeys.Version),
            PodCidr = kubernetes.Get(KubernetesKeys.PodCidr),
            ServiceCidr = map.Get(ClusterKeys.ServiceCidr),
            ClusterDns = map.Get(ClusterKeys.ClusterDns),
            ApiEndpoint = kubernetes.Get(KubernetesKeys.ApiEndpoint)?.Value,
            ApiAddresses = [.. map.List(ClusterKeys.MasterAddresses).Select(address => address.Value)],
            ApiNames = [.. map.List(ClusterKeys.MasterNames).Select(name => name.Value)],
            FlannelBackend = map.Get(ClusterKeys.FlannelBackend),
        };
    }
}
