using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Whether etcd keeps its majority while a node is installed again, or is switched off. The other members say it themselves: a
/// machine that reports that it runs may be far from having joined.
/// </summary>
internal sealed class EtcdMajority(CurrentSnapshot current, NodeInventory inventory, EtcdMembers etcd, LeasedHosts leased)
    : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// Asks the members, and has it done, or refused, before the next one is looked at: of two that are to be installed again at
    /// the same time, the second finds that the first one is.
    /// </summary>
    /// <param name="node"><c>null</c> for a machine that is no node.</param>
    /// <param name="act">Is told why it may not be installed again now; <c>null</c> where it may.</param>
    public Task<T> DecideAsync<T>(Node? node, Func<MajorityLoss?, T> act, CancellationToken cancellation) =>
        DecideAsync(node, loss => Task.FromResult(act(loss)), cancellation);

    /// <param name="act">What takes its time; until it is done no other member is looked at.</param>
    /// <inheritdoc cref="DecideAsync{T}(Node?, Func{MajorityLoss?, T}, CancellationToken)"/>
    public async Task<T> DecideAsync<T>(Node? node, Func<MajorityLoss?, Task<T>> act, CancellationToken cancellation)
    {
        if (node?.Roles.HasFlag(NodeRoles.EtcdMember) != true)
        {
            return await act(null);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            return await act(await LossAsync(node, cancellation));
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
        // A single member has no majority to keep, and where fewer were ever installed there is none to lose.
        if (!members.Contains(node) || !MayHoldData(node) || members.Length == 1
            || members.Count(MayHoldData) <= members.Length / 2)
        {
            return null;
        }

        try
        {
            var states = await etcd.LookAsync(members, cluster, leased.Of(cluster), Patience, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return LossOf(node, members, states);
        }
        catch (PkiException e)
        {
            var why = $"cannot ask the other members of etcd how they are: {e.Message}";
            return new MajorityLoss(why, why);
        }
    }

    /// <param name="states">
    /// Of the members, and behind them of those that etcd has beside them: nobody asks these how they are.
    /// </param>
    private MajorityLoss? LossOf(Node node, IReadOnlyList<Node> members, IReadOnlyList<EtcdMemberState> states)
    {
        string[] missing = [.. members.Zip(states).Where(one => one.First != node && !IsThere(one.First, one.Second))
            .Select(one => one.First.HostName).Order(StringComparer.Ordinal)];
        string[] undescribed = [.. states.Skip(members.Count).Select(member => member.Name).Order(StringComparer.Ordinal)];
        return members.Count - 1 - missing.Length > states.Count / 2 ? null : Loss(node, states.Count, missing, undescribed);
    }

    /// <summary>One that is about to leave itself is healthy as long as it runs.</summary>
    private bool IsThere(Node member, EtcdMemberState state) =>
        state.State is EtcdMemberHealth.Leader or EtcdMemberHealth.Healthy && !inventory.Of(member).Armed;

    private bool MayHoldData(Node node) => NodeLifecycle.MayRunInstalledSystem(inventory.Of(node));

    private static MajorityLoss Loss(Node node, int all, string[] missing, string[] undescribed)
    {
        var (names, others) = (string.Join(" and ", missing), string.Join(" and ", undescribed));
        return new(
            $"without {node.HostName} etcd has no majority: {all / 2 + 1} of its {all} members must be healthy"
                + (missing.Length == 0 ? "" : $", and {names} did not answer so, or is to be installed again, too; "
                    + "start what is off, and wait until etcd is healthy there")
                + (undescribed.Length == 0 ? "" : $", and {others} is not described any more: switch it off, and within a "
                    + "quarter of an hour it is none of them")
                + ". Where etcd's data is lost or may be, force it (--force; requires the admin role)",
            "etcd has no majority without it: " + (missing.Length == 0 ? $"{others} is not described any more"
                : $"{names} did not answer that it is healthy, or is to be installed again"));
    }
}

/// <summary>That etcd loses its majority.</summary>
/// <param name="Objection">To who asked: what is in the way, and what to do.</param>
/// <param name="Reason">For the audit trail, where it was done all the same.</param>
internal sealed record MajorityLoss(string Objection, string Reason)
{
    /// <summary>Why it was done, with what was overridden.</summary>
    /// <param name="loss"><c>null</c> where nothing was.</param>
    public static string? Forced(string? reason, MajorityLoss? loss) =>
        loss is null ? reason
        : string.IsNullOrEmpty(reason) ? $"forced, although {loss.Reason}"
        : $"{reason} (forced, although {loss.Reason})";
}
