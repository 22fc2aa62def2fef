using System.Net;
using Bootstrapper.Cluster.Keys;
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
        var (misfit, range) = (NetworkRules.Misfits(draft), RangeRules.SoundRange(draft));
        var bootstrapper = draft.Cluster.Given(ClusterKeys.Bootstrapper)?.Value;
        var routers = draft.Cluster.Values(NetworkKeys.Routers).ToHashSet();
        return from ip in Stated(draft, NodeKeys.Ip)
               let reason = misfit(ip.Value) ?? Taken(ip.Value, bootstrapper, routers, range)
               where reason is not null
               select ip.Error(reason);
    }

    public static IEnumerable<Problem> MacAddressesAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Mac));

    public static IEnumerable<Problem> AddressesAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Ip));

    public static IEnumerable<Problem> UuidsAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Uuid));

    public static IEnumerable<Problem> SerialNumbersAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Serial));

    private static IEnumerable<Stated<T>> Stated<T>(Draft draft, ValueKey<T> key) =>
        draft.Nodes.Select(node => node.Own.Given(key)).OfType<Stated<T>>();

    private static string? Taken(IPAddress address, IPAddress? bootstrapper, HashSet<IPAddress> routers, DhcpRange? range) =>
        address.Equals(bootstrapper) ? $"{address} is the bootstrapper's address"
        : routers.Contains(address) ? $"{address} is a router's address"
        : range?.Contains(address) == true ? $"{address} is inside the DHCP range: another machine could be given it first"
        : null;
}
