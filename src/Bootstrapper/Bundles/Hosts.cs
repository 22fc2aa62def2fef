using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Bundles;

/// <summary>Who is meant by the host of a URL: us, a machine of the cluster, or somebody outside.</summary>
internal sealed class Hosts(ClusterDescription cluster)
{
    private readonly HashSet<string> _ours = new(
        [
            .. cluster.OwnAddresses.Select(address => $"{address}"),
            "bootstrapper",
            $"bootstrapper.{cluster.DomainName}",
            cluster.DockerDomain,
            $"{cluster.DockerDomain}.{cluster.DomainName}",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _inside = new(
        cluster.Nodes.SelectMany(node => new[] { node.HostName, node.Mac.ToHyphenated() })
            .Concat([cluster.Kubernetes.ApiEndpoint, "localhost", "kubernetes"])
            .Concat(cluster.Kubernetes.ApiNames)
            .Concat(cluster.Kubernetes.ApiAddresses.Select(address => $"{address}")),
        StringComparer.OrdinalIgnoreCase);

    private readonly IReadOnlyList<IPNetwork> _networks =
        [
            .. cluster.Networks.Select(network => network.Subnet),
            cluster.Kubernetes.PodCidr,
            cluster.Kubernetes.ServiceCidr,
            IPNetwork.Parse("127.0.0.0/8"),
            IPNetwork.Parse("0.0.0.0/32"),
        ];

    public bool IsRegistry(NamedUrl url) =>
        IsOurs(url) && url.Port == cluster.Ports.Registry.ToString(CultureInfo.InvariantCulture);

    public bool IsOurs(NamedUrl url) => _ours.Contains(url.Host);

    /// <summary>What Kubernetes' own DNS answers for is inside, too.</summary>
    public bool IsInside(NamedUrl url) =>
        _inside.Contains(url.Host)
        || url.Host.EndsWith($".{cluster.DomainName}", StringComparison.OrdinalIgnoreCase)
        || $"{url.Host}.".Contains(".svc.", StringComparison.Ordinal)
        || (IPAddress.TryParse(url.Host, out var address) && _networks.Any(network => network.Contains(address)));

    /// <summary>As image names begin.</summary>
    public string Registry { get; } = Urls.Registry(cluster);
}
