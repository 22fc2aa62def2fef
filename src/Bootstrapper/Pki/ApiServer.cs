using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>Under which names and addresses the API server is dialled, and by whom.</summary>
internal static class ApiServer
{
    public const int Port = 6443;

    private static readonly string[] InCluster =
        ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

    /// <summary>A control-plane node's own, whichever names resolve or not.</summary>
    public static string LocalUrl { get; } = UrlOf(IPAddress.Loopback.ToString());

    /// <summary>The API server that all share: by name, any control-plane node.</summary>
    public static string Url(ClusterDescription cluster) => UrlOf(Endpoint(cluster));

    /// <summary>Every name that a client may have dialled when it reaches the API server on this node.</summary>
    public static IReadOnlyList<string> Names(Node node, ClusterDescription cluster) =>
    [
        .. InCluster
            .Concat(DomainNames.Of([node.HostName], cluster.DomainName))
            .Concat(IsAddress(Endpoint(cluster)) ? [] : [Endpoint(cluster)])
            .Concat(cluster.Kubernetes.ApiNames)
            .Append("localhost")
            .Select(name => name.ToLower(CultureInfo.InvariantCulture))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Every address that a client may have dialled when it reaches the API server on this node.</summary>
    public static IReadOnlyList<IPAddress> Addresses(Node node, ClusterDescription cluster) =>
    [
        .. new[] { ServiceAddress(cluster.Kubernetes) }
            .Concat(node.Ip is { } own ? [own] : [])
            .Concat(IsAddress(Endpoint(cluster)) ? [IPAddress.Parse(Endpoint(cluster))] : [])
            .Concat(cluster.Kubernetes.ApiAddresses)
            .Append(IPAddress.Loopback)
            .Distinct(),
    ];

    /// <summary>Kubernetes gives the service <c>kubernetes</c> the first address of the network of services.</summary>
    private static IPAddress ServiceAddress(KubernetesSettings kubernetes) =>
        Ipv4.ToAddress(kubernetes.ServiceCidr.BaseAddress.ToNumber() + 1);

    private static string Endpoint(ClusterDescription cluster) => cluster.Kubernetes.ApiEndpoint;

    private static bool IsAddress(string host) => IPAddress.TryParse(host, out _);

    private static string UrlOf(string host) => string.Create(CultureInfo.InvariantCulture, $"https://{host}:{Port}");
}
