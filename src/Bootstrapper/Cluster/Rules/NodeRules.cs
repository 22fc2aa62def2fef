using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What tells machines apart.</summary>
internal static class NodeRules
{
    public static IEnumerable<Problem> SomethingIsToBeInstalled(Draft draft)
    {
        if (draft is { Nodes.Count: 0, Profiles.Count: 0, RolesAreClear: true })
        {
            yield return draft.Machines.Error("nodes or profiles are required: there is nothing to install");
        }
    }

    public static IEnumerable<Problem> NodeAddressesAreFreeHostsOfTheSubnet(Draft draft)
    {
        var range = RangeRules.SoundRange(draft);
        var routers = draft.Network.Routers.Select(router => router.Value).ToHashSet();
        return from ip in draft.Nodes.Select(node => node.Ip).OfType<Stated<IPAddress>>()
               let reason = NetworkRules.Unfit(ip.Value, draft.Network) ?? Taken(ip.Value, draft.Network, routers, range)
               where reason is not null
               select ip.Error(reason);
    }

    public static IEnumerable<Problem> MacAddressesAreUnique(Draft draft) =>
        Unique.Problems(draft.Nodes.Select(node => node.Mac));

    public static IEnumerable<Problem> AddressesAreUnique(Draft draft) => Unique.Problems(draft.Nodes.Select(node => node.Ip));

    public static IEnumerable<Problem> UuidsAreUnique(Draft draft) => Unique.Problems(draft.Nodes.Select(node => node.Uuid));

    public static IEnumerable<Problem> SerialNumbersAreUnique(Draft draft) =>
        Unique.Problems(draft.Nodes.Select(node => node.Serial));

    private static string? Taken(IPAddress address, NetworkDraft network, HashSet<IPAddress> routers, DhcpRange? range) =>
        address.Equals(network.Bootstrapper?.Value) ? $"{address} is the bootstrapper's address"
        : routers.Contains(address) ? $"{address} is a router's address"
        : range?.Contains(address) == true ? $"{address} is inside the DHCP range: another machine could be given it first"
        : null;
}
