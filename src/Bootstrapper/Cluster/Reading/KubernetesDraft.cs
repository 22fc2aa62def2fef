using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What the file says of the Kubernetes cluster.</summary>
internal sealed record KubernetesDraft
{
    public required Stated<string>? Version { get; init; }

    public required Stated<IPNetwork>? PodCidr { get; init; }

    public required Stated<IPNetwork>? ServiceCidr { get; init; }

    public required Stated<IPAddress>? ClusterDns { get; init; }

    public required string? ApiEndpoint { get; init; }

    public required IReadOnlyList<IPAddress> ApiAddresses { get; init; }

    public required IReadOnlyList<string> ApiNames { get; init; }

    public required Stated<FlannelBackend>? FlannelBackend { get; init; }

    public static KubernetesDraft Read(YamlMap map)
    {
        var kubernetes = map.Section(ClusterKeys.Kubernetes);
        var services = map.Get(ClusterKeys.ServiceCidr);
        return new KubernetesDraft
        {
            Version = kubernetes.Get(KubernetesKeys.Version),
            PodCidr = kubernetes.Get(KubernetesKeys.PodCidr),
            ServiceCidr = services,
            ClusterDns = map.Has(ClusterKeys.ClusterDns) ? map.Get(ClusterKeys.ClusterDns) : services?.Select(Tenth),
            ApiEndpoint = kubernetes.Get(KubernetesKeys.ApiEndpoint)?.Value,
            ApiAddresses = [.. map.List(ClusterKeys.MasterAddresses).Select(address => address.Value)],
            ApiNames = [.. map.List(ClusterKeys.MasterNames).Select(name => name.Value)],
            FlannelBackend = map.Get(ClusterKeys.FlannelBackend),
        };
    }

    /// <summary>kubeadm's choice for the cluster's DNS service.</summary>
    private static IPAddress Tenth(IPNetwork services) => Ipv4.ToAddress(services.BaseAddress.ToNumber() + 10);
}
