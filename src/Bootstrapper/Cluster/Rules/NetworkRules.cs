using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The network itself, before any machine is in it.</summary>
internal static class NetworkRules
{
    /// <summary>IFNAMSIZ of the kernel, without the zero at its end.</summary>
    private const int LongestInterface = 15;

    /// <summary>It may be in none of several: then their routers lead to it.</summary>
    public static IEnumerable<Problem> BootstrapperIsAHostOfItsNetworks(Draft draft)
    {
        var main = draft.Cluster.Given(ClusterKeys.Bootstrapper);
        var described = draft.Networks.Where(network => main is not null && (draft.Networks.Count == 1
            || SubnetRules.SoundSubnet(network)?.Value.Contains(main.Value) == true));
        return draft.Networks.SelectMany(network => Unfit(network, [network.Mine(NetworkKeys.Bootstrapper)]))
            .Concat(described.SelectMany(network => Unfit(network, [main])));
    }

    public static IEnumerable<Problem> RoutersAreHostsOfTheirSubnets(Draft draft) =>
        draft.Networks.SelectMany(network => Unfit(network, network.List(NetworkKeys.Routers)));

    public static IEnumerable<Problem> BroadcastsLieInTheirSubnets(Draft draft) =>
        from network in draft.Networks
        let broadcast = network.Given(NetworkKeys.Broadcast)
        let subnet = SubnetRules.SoundSubnet(network)
        where broadcast is not null && subnet?.Value.Contains(broadcast.Value) == false
        select broadcast.Error($"{broadcast.Value} is outside the subnet {subnet.Value}");

    public static IEnumerable<Problem> NetworkNamesAreUnique(Draft draft) =>
        Unique.Problems(draft.Networks.Select(network => network.Mine(NetworkKeys.Name)));

    /// <summary>What else the top level says of its network would be nobody's.</summary>
    public static IEnumerable<Problem> TopLevelDescribesAWholeNetwork(Draft draft) =>
        draft.Networks.Contains(draft.Cluster) ? []
        : from key in new Key[] { NetworkKeys.Netmask, DhcpKeys.Low, DhcpKeys.High, NetworkKeys.Routers, NetworkKeys.Broadcast }
          let place = draft.Cluster.PlaceOf(key)
          where place is not null
          select place.Error("belongs to a network: move it into an entry of networks, or write subnet beside it");

    /// <summary>Where we have no address, a router relays what machines ask for, and leads them to us.</summary>
    public static IEnumerable<Problem> NetworksWithoutUsHaveARouter(Draft draft) =>
        from network in draft.Networks
        let subnet = SubnetRules.SoundSubnet(network)
        where draft.Networks.Count > 1 || network.Mine(NetworkKeys.Name) is not null
        where subnet is not null && AddressIn(network) is null && !network.Has(NetworkKeys.Routers)
            && !network.Has(NetworkKeys.Bootstrapper) && draft.Cluster.Given(ClusterKeys.Bootstrapper) is not null
        select subnet.Error("no machine in it reaches the bootstrapper: name its router in routers, or, where this host is on "
            + "that network, its address there in bootstrapper");

    public static IEnumerable<Problem> InterfacesAreOnTheirNetworks(Draft draft)
    {
        foreach (var network in draft.Networks.Where(network => network.Mine(NetworkKeys.Name) is not null))
        {
            if (network.Given(NetworkKeys.Vlan) is { } vlan && !network.Has(NetworkKeys.Interface))
            {
                yield return vlan.Error("needs interface: the one whose frames are tagged with it");
            }

            if (Network.InterfaceOf(network) is { Length: > LongestInterface } interfaceName)
            {
                yield return network.Given(NetworkKeys.Vlan)!.Error($"{interfaceName} is longer than the {LongestInterface} "
                    + "characters of an interface's name: write the name of the VLAN's own interface, and leave vlan out");
            }

            if (network.Given(NetworkKeys.Interface) is { } name && SubnetRules.SoundSubnet(network) is not null
                && AddressIn(network) is null && !network.Has(NetworkKeys.Bootstrapper))
            {
                yield return name.Error("needs bootstrapper: the address that this host has on it, in the network; where a "
                    + "router relays, leave interface out");
            }
        }
    }

    public static IEnumerable<Problem> MachinesHaveKnownNetworks(Draft draft)
    {
        var names = draft.Networks.Select(network => network.Mine(NetworkKeys.Name)?.Value).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return from traits in draft.Profiles.Concat(draft.Nodes.Select(node => node.Own))
               let named = InstalledNetwork.NameIn(traits)
               where named is not null && !names.Contains(named.Value)
               let guess = Spelling.Nearest(named.Value, names)
               select named.Error($"there is no network '{named.Value}'{(guess is null ? "" : $"; did you mean {guess}?")}");
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
        if (draft.Networks is [var only])
        {
            return MisfitsIn(only);
        }

        var subnets = draft.Networks.Select(network => (SubnetRules.SoundSubnet(network), MisfitsIn(network))).ToList();
        return address =>
        {
            foreach (var (subnet, misfit) in subnets)
            {
                if (subnet is null || subnet.Value.Contains(address))
                {
                    return misfit(address);
                }
            }

            return $"{address} is outside every network: {string.Join(", ", subnets.Select(pair => pair.Item1!.Value))}";
        };
    }

    /// <summary>The same of one network.</summary>
    public static Func<IPAddress, string?> MisfitsIn(Section network)
    {
        var broadcast = network.Given(NetworkKeys.Broadcast)?.Value;
        return SubnetRules.SoundSubnet(network) is not { Value: var subnet } ? _ => null
            : address => !subnet.Contains(address) ? $"{address} is outside the subnet {subnet}"
                : address.Equals(subnet.BaseAddress) ? $"{address} is the subnet's own address"
                : address.Equals(subnet.Last()) || address.Equals(broadcast) ? $"{address} is the broadcast address"
                : null;
    }

    /// <summary>Ours in a network, where we have one there.</summary>
    public static Stated<IPAddress>? AddressIn(Section network) =>
        network.Mine(NetworkKeys.Bootstrapper)
        ?? (network.Given(ClusterKeys.Bootstrapper) is { } main
            && (network.Mine(NetworkKeys.Name) is null || SubnetRules.SoundSubnet(network)?.Value.Contains(main.Value) == true)
                ? main
                : null);

    private static IEnumerable<Problem> Unfit(Section network, IEnumerable<Stated<IPAddress>?> addresses)
    {
        var misfit = MisfitsIn(network);
        return from address in addresses.OfType<Stated<IPAddress>>()
               let reason = misfit(address.Value)
               where reason is not null
               select address.Error(reason);
    }
}
