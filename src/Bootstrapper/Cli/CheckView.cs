using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;

namespace Bootstrapper.Cli;

/// <summary>What <c>check</c> found, for programs.</summary>
/// <param name="Good">Whether the description can come into force; the numbers are 0 where it cannot.</param>
internal sealed record CheckView(bool Good, int Nodes, int ControlPlane, int EtcdMembers, IReadOnlyList<ProblemView> Problems)
{
    /// <summary>What would change, where that was asked for.</summary>
    public PlanView? Plan { get; init; }

    public static CheckView Of(string description, Snapshot? snapshot, IEnumerable<Problem> problems)
    {
        var nodes = snapshot?.Cluster.Nodes ?? [];
        return new CheckView(
            snapshot is not null,
            nodes.Count,
            nodes.Count(node => node.Roles.HasFlag(NodeRoles.KubeMaster)),
            nodes.Count(node => node.Roles.HasFlag(NodeRoles.EtcdMember)),
            [.. problems.Select(problem => ProblemView.Of(problem with { File = problem.File ?? description }))]);
    }
}
