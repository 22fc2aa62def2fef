using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory.Kubernetes;

/// <summary>
/// How Kubernetes is, as its own programs say. However many ask, at once and soon after one another, it is one look, and it ends:
/// what has not answered by then is said not to have.
/// </summary>
internal sealed class KubernetesLooks(
    CurrentSnapshot current,
    ApiServers servers,
    EtcdMembers members,
    ExpiringCertificates certificates,
    LeasedHosts leased,
    TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Freshness = TimeSpan.FromSeconds(5);

    private readonly Lock _looking = new();
    private (Snapshot Of, Task<KubernetesLook> Look)? _last;
    private long _ended;

    /// <param name="cancellation">Of who asks: others who wait for the same look go on waiting.</param>
    public Task<KubernetesLook> LookAsync(CancellationToken cancellation)
    {
        lock (_looking)
        {
            var snapshot = current.Value;
            if (_last is not { } last || last.Of != snapshot || IsOld(last.Look))
            {
                _last = last = (snapshot, LookAsync(snapshot));
            }

            return last.Look.WaitAsync(cancellation);
        }
    }

    private bool IsOld(Task<KubernetesLook> look) =>
        look.IsCompleted && !(look.IsCompletedSuccessfully && time.GetElapsedTime(_ended) < Freshness);

    private async Task<KubernetesLook> LookAsync(Snapshot snapshot)
    {
        await Task.Yield(); // nobody waits for the lock meanwhile
        using var end = new CancellationTokenSource(Patience);
        var cluster = snapshot.Cluster;
        var addresses = leased.Of(cluster);
        Node[] controlPlanes = [.. cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.KubeMaster))];
        Node[] etcd = [.. cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.EtcdMember))];
        var answered = OrFailureAsync(
            () => servers.LookAsync(controlPlanes, cluster, addresses, Patience, end.Token),
            failure => new ApiServersLook(
                [.. controlPlanes.Select(node => new ApiServerState(
                    node.HostName, ApiServerHealth.Unreachable, Version: null, NotAfter: null, failure))],
                Nodes: null,
                failure));
        var listed = OrFailureAsync(
            () => members.LookAsync(etcd, cluster, addresses, Patience, end.Token),
            failure => [.. etcd.Select(node => new EtcdMemberState(
                node.HostName, EtcdMemberHealth.Unreachable, Version: null, failure))]);
        var look = new KubernetesLook(cluster, time.GetUtcNow(), await answered, await listed, certificates.Of(cluster));
        lock (_looking)
        {
            _ended = time.GetTimestamp();
        }

        return look;
    }

    /// <summary>Without a good root there is nobody to be, which is a state like others.</summary>
    private static async Task<T> OrFailureAsync<T>(Func<Task<T>> look, Func<string, T> otherwise)
    {
        try
        {
            return await look();
        }
        catch (PkiException e)
        {
            return otherwise(e.Message);
        }
    }
}

/// <summary>One look at Kubernetes.</summary>
/// <param name="Cluster">The description that it went by.</param>
internal sealed record KubernetesLook(
    ClusterDescription Cluster,
    DateTimeOffset At,
    ApiServersLook Api,
    IReadOnlyList<EtcdMemberState> Etcd,
    IReadOnlyList<CertificateStatus> Certificates)
{
    /// <returns><c>null</c> where nobody knows.</returns>
    public NodeObjectSeen? Of(Node node) => Api.Nodes is null ? null
        : new(Api.Nodes.FirstOrDefault(seen => seen.Name == node.HostName));
}

/// <summary>That the API server was asked for a node's object.</summary>
/// <param name="Node"><c>null</c> where there is none.</param>
internal sealed record NodeObjectSeen(NodeObject? Node);
