using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The parts that machines play, their own and those of their profiles together.</summary>
internal static class RoleRules
{
    public static IEnumerable<Problem> SomeMachineIsKubeMaster(Draft draft) =>
        Missing(draft, NodeRoles.KubeMaster, "no machine has kube_master: y, so the cluster would have no control plane");

    public static IEnumerable<Problem> SomeMachineIsEtcdMember(Draft draft) =>
        Missing(draft, NodeRoles.EtcdMember, "no machine has etcd_member: y, so the cluster would have no etcd");

    public static IEnumerable<Problem> EtcdMembersAreOdd(Draft draft)
    {
        var members = draft.Nodes.Count(node => RolesOf(node).HasFlag(NodeRoles.EtcdMember));
        if (AreKnown(draft) && members > 0 && members % 2 == 0)
        {
            yield return draft.Machines.Warning(
                $"{members} nodes are etcd members: {members - 1} tolerate as many failures, {members + 1} one more");
        }
    }

    /// <summary>
    /// The name of the API server leads to every control plane's address. Of a single one our DNS also knows a leased address;
    /// which of several it is led to must not hang on who happened to boot.
    /// </summary>
    public static IEnumerable<Problem> ControlPlanesCanBeFound(Draft draft)
    {
        var masters = draft.Nodes.Where(node => RolesOf(node).HasFlag(NodeRoles.KubeMaster)).ToList();
        var mode = DhcpSettings.ModeOf(draft.Cluster);
        var isLeased = masters.Count == 1 && mode == DhcpMode.Server;
        var isAddress = IPAddress.TryParse(draft.Cluster.Given(KubernetesKeys.ApiEndpoint)?.Value, out _);
        return isLeased || isAddress || mode is null || !AreKnown(draft)
            ? []
            : from master in masters
              let mac = master.Own.Given(NodeKeys.Mac)
              where mac is not null && master.Own.Given(NodeKeys.Ip) is null
              select WithoutAddress(draft.Cluster, mac);
    }

    /// <summary>The places in the list of those that are control planes, as far as roles are known.</summary>
    public static IReadOnlyList<int> MastersOf(Draft draft) =>
    [
        .. draft.Nodes.Index().Where(node => RolesOf(node.Item).HasFlag(NodeRoles.KubeMaster)).Select(node => node.Index),
    ];

    /// <summary>Where another server gives the addresses, another one's DNS may know them.</summary>
    private static Problem WithoutAddress(Section cluster, Stated<MacAddress> master)
    {
        var endpoint = cluster.Given(KubernetesKeys.ApiEndpoint)?.Value
            ?? $"kubernetes.{cluster.Get(ClusterKeys.DomainName)?.Value}";
        var message = $"is a control plane without ip: the name of the API server, {endpoint}, does not resolve to it";
        return DhcpSettings.ModeOf(cluster) == DhcpMode.Server
            ? master.Error(message)
            : master.Warning($"{message} unless your own DNS resolves it");
    }

    private static IEnumerable<Problem> Missing(Draft draft, NodeRoles role, string message)
    {
        var anyMachine = draft.Nodes.Count(node => !node.IsPxeHost) + draft.Profiles.Count > 0;
        if (AreKnown(draft) && anyMachine && !AllRoles(draft).Any(roles => roles.HasFlag(role)))
        {
            yield return draft.Machines.Error(message);
        }
    }

    private static bool AreKnown(Draft draft) => draft.RolesAreClear && draft.Nodes.All(node => node.Whole is not null);

    /// <summary>Those of the nodes, and those that unknown machines get with a profile.</summary>
    private static IEnumerable<NodeRoles> AllRoles(Draft draft) =>
        draft.Nodes.Select(RolesOf).Concat(draft.Profiles.Select(Traits.RolesOf));

    private static NodeRoles RolesOf(NodeDraft node) => Traits.RolesOf(node.Whole ?? node.Own);
}
