using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The parts that machines play, their own and those of their profiles together.</summary>
internal static class RoleRules
{
    public static IEnumerable<Problem> SomeMachineIsKubeMaster(Draft draft) =>
        Missing(draft, NodeRoles.KubeMaster, "no machine has kube_master: y, so the cluster would have no control plane");

    public static IEnumerable<Problem> SomeMachineIsEtcdMember(Draft draft) =>
        Missing(draft, NodeRoles.EtcdMember, "no machine has etcd_member: y, so the cluster would have no memory");

    public static IEnumerable<Problem> EtcdMembersAreOdd(Draft draft)
    {
        var members = draft.Nodes.Count(node => RolesOf(draft, node).HasFlag(NodeRoles.EtcdMember));
        if (AreKnown(draft) && members > 0 && members % 2 == 0)
        {
            yield return draft.Machines.Warning($"{members} nodes are etcd members: {members - 1} would survive as many failures, {members + 1} one more");
        }
    }

    private static IEnumerable<Problem> Missing(Draft draft, NodeRoles role, string message)
    {
        var anyMachine = draft.Nodes.Count(node => !node.HasDollarTemplate) + draft.Profiles.Count > 0;
        if (AreKnown(draft) && anyMachine && !AllRoles(draft).Any(roles => roles.HasFlag(role)))
        {
            yield return draft.Machines.Error(message);
        }
    }

    private static bool AreKnown(Draft draft) => draft.RolesAreClear && draft.Nodes.All(node => draft.TraitsOf(node) is not null);

    /// <summary>Those of the nodes, and those that unknown machines get with a profile.</summary>
    private static IEnumerable<NodeRoles> AllRoles(Draft draft) =>
        draft.Nodes.Select(node => RolesOf(draft, node)).Concat(draft.Profiles.Select(profile => profile.Traits.Roles));

    private static NodeRoles RolesOf(Draft draft, NodeDraft node) => (draft.TraitsOf(node) ?? node.Traits).Roles;
}
