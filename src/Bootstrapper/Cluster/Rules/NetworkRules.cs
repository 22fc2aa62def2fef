using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The network itself, before any machine is in it.</summary>
internal static class NetworkRules
{
    public static IEnumerable<Problem> BootstrapperIsAHostOfTheSubnet(Draft draft) =>
        HostsOfTheSubnet(draft, [draft.Network.Bootstrapper]);

    public static IEnumerable<Problem> RoutersAreHostsOfTheSubnet(Draft draft) => HostsOfTheSubnet(draft, draft.Network.Routers);

    public static IEnumerable<Problem> BroadcastLiesInSubnet(Draft draft)
    {
        if (draft.Network is { Broadcast: { } broadcast, Subnet.Value: var subnet } && !subnet.Contains(broadcast.Value))
        {
            yield return broadcast.Error($"{broadcast.Value} is outside the subnet {subnet}");
        }
    }

    public static IEnumerable<Problem> PortsAreDistinct(Draft draft) => Unique.Problems(draft.Network.Ports);

    public static IEnumerable<Problem> PushesAreGuarded(Draft draft)
    {
        if (draft.Network.RegistryPush is { Value: RegistryPush.Open } push)
        {
            yield return push.Warning("any machine on the network can push images, but for the names that nodes run from");
        }
    }

    public static IEnumerable<Problem> OperatorsAreSomewhere(Draft draft) =>
        from network in draft.Network.OperatorsFrom
        where network.Value.PrefixLength == 0
        select network.Warning("whoever can send to this host reaches the operators' ports");

    /// <summary>Why no machine can have that address; <c>null</c> when one can.</summary>
    public static string? Unfit(IPAddress address, NetworkDraft network) =>
        network.Subnet is not { Value: var subnet } ? null
        : !subnet.Contains(address) ? $"{address} is outside the subnet {subnet}"
        : address.Equals(subnet.BaseAddress) ? $"{address} is the subnet's own address"
        : address.Equals(subnet.Last()) || address.Equals(network.Broadcast?.Value) ? $"{address} is the broadcast address"
        : null;

    private static IEnumerable<Problem> HostsOfTheSubnet(Draft draft, IEnumerable<Stated<IPAddress>?> addresses) =>
        from address in addresses.OfType<Stated<IPAddress>>()
        let reason = Unfit(address.Value, draft.Network)
        where reason is not null
        select address.Error(reason);
}
