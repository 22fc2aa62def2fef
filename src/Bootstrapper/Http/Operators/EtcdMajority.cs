using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Whether etcd keeps its majority while a node is installed again. The other members say it themselves: a machine that reports
/// that it runs may be far from having joined.
/// </summary>
internal sealed class EtcdMajority(CurrentSnapshot current, NodeInventory inventory, EtcdHealth health, LeasedHosts leased)
    : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// Asks the members, and has it done, or refused, before the next one is looked at: of two that are to be installed again at
    /// the same time, the second finds that the first one is.
    /// </summary>
    /// <param name="node"><c>null</c> for a machine that is no node.</param>
    /// <param name="act">Is told why it may not be installed again now; <c>null</c> where it may.</param>
    public async Task<T> DecideAsync<T>(Node? node, Func<MajorityLoss?, T> act, CancellationToken cancellation)
    {
        if (node?.Roles.HasFlag(NodeRoles.EtcdMember) != true)
        {
            return act(null);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            return act(await LossAsync(node, cancellation));
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<MajorityLoss?> LossAsync(Node node, CancellationToken cancellation)
    {
        var cluster = current.Value.Cluster;
        Node[] members = [.. cluster.Nodes.Where(other => other.Roles.HasFlag(NodeRoles.EtcdMember))];
        var most = members.Length / 2 + 1;

        // A single member has no majority to keep, and where fewer were ever installed there is none to lose.
        if (!members.Contains(node) || !MayHoldData(node) || members.Length == 1 || members.Count(MayHoldData) < most)
        {
            return null;
        }

        Node[] others = [.. members.Where(other => other != node)];
        try
        {
            var healthy = await HealthyAsync([.. others.Where(other => !inventory.Of(other).Armed)], cancellation);
            return healthy.Count >= most ? null : Loss(node, most, members.Length, others.Except(healthy));
        }
        catch (PkiException e)
        {
            var why = $"cannot ask the other members of etcd how they are: {e.Message}";
            return new MajorityLoss(why, why);
        }
    }

    /// <param name="members">Those that are not about to leave themselves: as long as they run they are healthy.</param>
    private async Task<IReadOnlyList<Node>> HealthyAsync(IReadOnlyList<Node> members, CancellationToken cancellation)
    {
        var cluster = current.Value.Cluster;
        var byHost = members.ToDictionary(member => EtcdPeer.HostOf(member, cluster), StringComparer.Ordinal);
        var healthy = await health.HealthyAsync([.. byHost.Keys], leased.Of(cluster), cancellation);
        return [.. healthy.Select(host => byHost[host])];
    }

    private bool MayHoldData(Node node) => NodeLifecycle.MayRunInstalledSystem(inventory.Of(node));

    private static MajorityLoss Loss(Node node, int most, int all, IEnumerable<Node> unhealthy)
    {
        var names = string.Join(" and ", unhealthy.Select(other => other.HostName).Order(StringComparer.Ordinal));
        return new(
            $"without {node.HostName} etcd has no majority: {most} of its {all} members must be healthy, and {names} "
                + "did not answer so, or is to be installed again, too; start what is off, and wait until etcd is healthy there. "
                + "Where etcd's data is lost or may be, force it (--force; requires the admin role)",
            $"etcd has no majority without it: {names} did not answer that it is healthy, or is to be installed again");
    }
}

/// <summary>That etcd loses its majority.</summary>
/// <param name="Objection">To who asked: what is in the way, and what to do.</param>
/// <param name="Reason">For the audit trail, where it was done all the same.</param>
internal sealed record MajorityLoss(string Objection, string Reason);
