using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What the file says of the Kubernetes cluster.</summary>
internal sealed record KubernetesDraft
{
    public required Stated<string>? Version { get; init; }

    public required Stated<KubernetesInstall>? Install { get; init; }

    public required Stated<IPNetwork>? PodCidr { get; init; }

    public required Stated<IPNetwork>? ServiceCidr { get; init; }

    public required Stated<IPAddress>? ClusterDns { get; init; }

    public required Stated<string>? ApiEndpoint { get; init; }

    public required IReadOnlyList<IPAddress> ApiAddresses { get; init; }

    public required IReadOnlyList<string> ApiNames { get; init; }

    public required Stated<FlannelBackend>? FlannelBackend { get; init; }

    public required Stated<bool>? IngressHostNetwork { get; init; }

    public required Stated<string>? ClusterName { get; init; }

    public required Stated<Cni>? Cni { get; init; }

    public required IReadOnlyDictionary<string, string> FeatureGates { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<Stated<string>>> ExtraArgs { get; init; }

    public static KubernetesDraft Read(YamlMap map, Findings findings)
    {
        var kubernetes = map.Section(ClusterKeys.Kubernetes);
        var services = ReadServices(map, kubernetes, findings);
        var extra = kubernetes.Section(KubernetesKeys.ExtraArgs);
        return new KubernetesDraft
        {
            IngressHostNetwork = map.Get(ClusterKeys.IngressHostNetwork),
            ClusterName = kubernetes.Get(KubernetesKeys.ClusterName),
            Cni = kubernetes.Get(KubernetesKeys.Cni),
            FeatureGates = kubernetes.Table(KubernetesKeys.FeatureGates),
            ExtraArgs = ExtraArgsKeys.Programs.ToDictionary(
                program => program.Name, program => extra.List(program), StringComparer.Ordinal),
            Version = kubernetes.Get(KubernetesKeys.Version),
            Install = kubernetes.Get(KubernetesKeys.Install),
            PodCidr = kubernetes.Get(KubernetesKeys.PodCidr),
            ServiceCidr = services,
            ClusterDns = map.Has(ClusterKeys.ClusterDns) || kubernetes.Has(KubernetesKeys.ClusterDns)
                ? Stated<IPAddress>.OneOf(
                    kubernetes.Given(KubernetesKeys.ClusterDns), map.Given(ClusterKeys.ClusterDns), findings)
                : services?.Select(Tenth),
            ApiEndpoint = kubernetes.Get(KubernetesKeys.ApiEndpoint),
            ApiAddresses = [.. map.List(ClusterKeys.MasterAddresses).Select(address => address.Value)],
            ApiNames = [.. map.List(ClusterKeys.MasterNames).Select(name => name.Value)],
            FlannelBackend = map.Has(ClusterKeys.FlannelBackend) || kubernetes.Has(KubernetesKeys.FlannelBackend)
                ? Stated<FlannelBackend>.OneOf(
                    kubernetes.Given(KubernetesKeys.FlannelBackend), map.Given(ClusterKeys.FlannelBackend), findings)
                : kubernetes.Itself.Select(_ => new KubernetesSettings().FlannelBackend),
        };
    }

    /// <returns><c>null</c> where it is there and cannot be read.</returns>
    private static Stated<IPNetwork>? ReadServices(YamlMap map, YamlMap kubernetes, Findings findings) =>
        map.Has(ClusterKeys.ServiceCidr) || kubernetes.Has(KubernetesKeys.ServiceCidr)
            ? Stated<IPNetwork>.OneOf(kubernetes.Given(KubernetesKeys.ServiceCidr), map.Given(ClusterKeys.ServiceCidr), findings)
            : kubernetes.Itself.Select(_ => new KubernetesSettings().ServiceCidr);

    /// <summary>kubeadm's choice for the cluster's DNS service.</summary>
    private static IPAddress Tenth(IPNetwork services) => Ipv4.ToAddress(services.BaseAddress.ToNumber() + 10);
}
