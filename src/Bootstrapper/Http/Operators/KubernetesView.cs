using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Kubernetes;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Operators;

/// <summary>The wire form of how Kubernetes is, beside what the description says.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Healthy">
/// Whether all that is described answers and is as it should be; versions, and certificates that are still good, do not count.
/// </param>
/// <param name="Version">The one that is described.</param>
/// <param name="Nodes">Those that are described, and those that Kubernetes has beside them.</param>
/// <param name="Message">Why nobody could be asked for the nodes.</param>
/// <param name="Certificates">Those that have less than a third of their life left, or are of no use.</param>
internal sealed record KubernetesView(
    DateTimeOffset At,
    bool Healthy,
    string Version,
    IReadOnlyList<ApiServerState> ApiServers,
    IReadOnlyList<EtcdMemberState> Etcd,
    IReadOnlyList<KubernetesNodeView> Nodes,
    string? Message,
    IReadOnlyList<ExpiringView> Certificates)
{
    public static KubernetesView Of(KubernetesLook look)
    {
        var cluster = look.Cluster;
        var described = cluster.Nodes.Select(node => node.HostName).ToHashSet(StringComparer.Ordinal);
        var objects = (look.Api.Nodes ?? []).ToLookup(seen => seen.Name, StringComparer.Ordinal);
        List<KubernetesNodeView> nodes =
        [
            .. cluster.Nodes.Select(node => look.Api.Nodes is null
                ? KubernetesNodeView.Without(node.HostName, KubernetesNodeState.Unknown)
                : objects[node.HostName].FirstOrDefault() is { } seen ? KubernetesNodeView.Of(
                        seen, seen.IsReady ? KubernetesNodeState.Ready : KubernetesNodeState.NotReady, cluster)
                    : KubernetesNodeView.Without(node.HostName, KubernetesNodeState.Missing)),
            .. (look.Api.Nodes ?? []).Where(seen => !described.Contains(seen.Name))
                .Select(seen => KubernetesNodeView.Of(seen, KubernetesNodeState.NotDescribed, cluster)),
        ];
        return new KubernetesView(
            look.At,
            look.Api.Servers.All(server => server.State == ApiServerHealth.Healthy)
                && look.Etcd.All(member => member.State is EtcdMemberHealth.Leader or EtcdMemberHealth.Healthy)
                && nodes.All(node => node.State is KubernetesNodeState.Ready or KubernetesNodeState.NotDescribed)
                && look.Certificates.All(certificate => certificate.Health == CertificateHealth.Renew),
            $"v{cluster.Kubernetes.Version}",
            look.Api.Servers,
            look.Etcd,
            [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal)],
            look.Api.Failure,
            [.. look.Certificates.Select(ExpiringView.Of)]);
    }
}

/// <summary>The wire form of a node, as Kubernetes has it.</summary>
/// <param name="Version">Of its kubelet.</param>
/// <param name="Behind">Whether that is an older one than is described.</param>
/// <param name="Reason">Of the condition Ready, where that is not true.</param>
/// <param name="Message">Likewise.</param>
/// <param name="Since">When it became Ready, or ceased to be.</param>
internal sealed record KubernetesNodeView(
    string Name,
    KubernetesNodeState State,
    string? Version,
    bool Behind,
    string? Reason,
    string? Message,
    DateTimeOffset? Since)
{
    public static KubernetesNodeView Of(NodeObject seen, KubernetesNodeState state, ClusterDescription cluster) => new(
        seen.Name,
        state,
        seen.Version,
        IsOlder(seen.Version, cluster.Kubernetes.Version),
        seen.IsReady ? null : seen.Reason,
        seen.IsReady ? null : seen.Message,
        seen.Since);

    public static KubernetesNodeView Without(string name, KubernetesNodeState state) =>
        new(name, state, Version: null, Behind: false, Reason: null, Message: null, Since: null);

    private static bool IsOlder(string kubelet, string described) =>
        NumbersOf(kubelet) is { } has && NumbersOf(described) is { } wanted && has < wanted;

    /// <summary>Others put more behind them: <c>v1.36.2-lab.1</c>, <c>v1.36.2+k3s1</c>.</summary>
    private static Version? NumbersOf(string version) =>
        System.Version.TryParse(version.TrimStart('v').Split('-', '+')[0], out var numbers) ? numbers : null;
}

/// <summary>A node as Kubernetes has it, beside the description.</summary>
internal enum KubernetesNodeState
{
    Ready,
    NotReady,

    /// <summary>It is described, and Kubernetes has no Node object of it.</summary>
    Missing,

    /// <summary>Kubernetes has it, and the description does not.</summary>
    NotDescribed,

    /// <summary>No API server could be asked.</summary>
    Unknown,
}

/// <summary>The wire form of a certificate that somebody must do something about.</summary>
/// <param name="Node">Whose it is; <c>bootstrapper</c> for a root.</param>
/// <param name="DaysLeft">Whole days; negative once it has expired.</param>
internal sealed record ExpiringView(
    string Node, string Name, string Ca, DateTimeOffset NotAfter, int DaysLeft, CertificateHealth Health)
{
    public static ExpiringView Of(CertificateStatus certificate) => new(
        certificate.Owner, certificate.Name, certificate.Ca, certificate.NotAfter, certificate.DaysLeft, certificate.Health);
}
