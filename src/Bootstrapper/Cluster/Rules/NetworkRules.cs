using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The network itself, before any machine is in it.</summary>
internal static class NetworkRules
{
    public static IEnumerable<Problem> BootstrapperIsAHostOfTheSubnet(Draft draft) =>
        HostsOfTheSubnet(draft, [draft.Cluster.Given(ClusterKeys.Bootstrapper)]);

    public static IEnumerable<Problem> RoutersAreHostsOfTheSubnet(Draft draft) =>
        HostsOfTheSubnet(draft, draft.Cluster.List(NetworkKeys.Routers));

    public static IEnumerable<Problem> BroadcastLiesInSubnet(Draft draft)
    {
        if (draft.Cluster.Given(NetworkKeys.Broadcast) is { } broadcast
            && SubnetRules.SoundSubnet(draft) is { Value: var subnet } && !subnet.Contains(broadcast.Value))
        {
            yield return broadcast.Error($"{broadcast.Value} is outside the subnet {subnet}");
        }
    }

    public static IEnumerable<Problem> PortsAreDistinct(Draft draft) =>
        Unique.Problems(
            new[] { ClusterKeys.HttpPort, ClusterKeys.HttpsPort, ClusterKeys.RegistryPort }.Select(draft.Cluster.Get));

    public static IEnumerable<Problem> PushesAreGuarded(Draft draft)
    {
        if (draft.Cluster.Get(ClusterKeys.RegistryPush) is { Value: RegistryPush.Open } push)
        {
            yield return push.Warning("any machine on the network can push images, but for the names that nodes run from");
        }
    }

    public static IEnumerable<Problem> OperatorsAreSomewhere(Draft draft) =>
        from network in draft.Cluster.List(ClusterKeys.OperatorsFrom)
        where network.Value.PrefixLength == 0
        select network.Warning("whoever can send to this host reaches the operators' ports");

    /// <summary>Tells why no machine can have an address; <c>null</c> when one can.</summary>
    public static Func<IPAddress, string?> Misfits(Draft draft)
    {
        var broadcast = draft.Cluster.Given(NetworkKeys.Broadcast)?.Value;
        return SubnetRules.SoundSubnet(draft) is not { Value: var subnet } ? _ => null
            : address => !subnet.Contains(address) ? $"{address} is outside the subnet {subnet}"
                : address.Equals(subnet.BaseAddress) ? $"{address} is the subnet's own address"
                : address.Equals(subnet.Last()) || address.Equals(broadcast) ? $"{address} is the broadcast address"
                : null;
    }

    private static IEnumerable<Problem> HostsOfTheSubnet(Draft draft, IEnumerable<Stated<IPAddress>?> addresses)
    {
        var misfit = Misfits(draft);
        return from address in addresses.OfType<Stated<IPAddress>>()
               let reason = misfit(address.Value)
               where reason is not null
               select address.Error(reason);
    }
}
