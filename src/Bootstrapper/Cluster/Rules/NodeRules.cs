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

    public static IEnumerable<Problem> NodeAddressesAreFreeHostsOfTheirNetworks(Draft draft)
    {
        var (misfit, taken) = (NetworkRules.Misfits(draft), TakenIn(draft));
        return from ip in Stated(draft, NodeKeys.Ip)
               let reason = misfit(ip.Value) ?? taken(ip.Value)
               where reason is not null
               select ip.Error(reason);
    }

    public static IEnumerable<Problem> NodesAreInTheNetworksThatTheyName(Draft draft)
    {
        var subnets = draft.Networks.Select(network => (network.Mine(NetworkKeys.Name), SubnetRules.SoundSubnet(network)))
            .Where(pair => pair is { Item1: not null, Item2: not null })
            .DistinctBy(pair => pair.Item1!.Value, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Item1!.Value, pair => pair.Item2!.Value, StringComparer.Ordinal);
        return from node in draft.Nodes
               let ip = node.Own.Given(NodeKeys.Ip)
               let name = InstalledNetwork.NameIn(node.Whole ?? node.Own)
               where ip is not null && name is not null
               where subnets.TryGetValue(name.Value, out var subnet) && !subnet.Contains(ip.Value)
               select ip.Error($"{ip.Value} is outside {subnets[name.Value]}, the network {name.Value} that {name.Path} names");
    }

    public static IEnumerable<Problem> MacAddressesAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Mac));

    public static IEnumerable<Problem> AddressesAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Ip));

    public static IEnumerable<Problem> UuidsAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Uuid));

    public static IEnumerable<Problem> SerialNumbersAreUnique(Draft draft) => Unique.Problems(Stated(draft, NodeKeys.Serial));

    /// <summary>Tells who else has an address or may be given it; <c>null</c> where nobody has.</summary>
    public static Func<IPAddress, string?> TakenIn(Draft draft)
    {
        var ranges = draft.Networks.Select(RangeRules.SoundRange).OfType<DhcpRange>().ToList();
        var bootstrapper = draft.Networks.Select(NetworkRules.AddressIn).Append(draft.Cluster.Given(ClusterKeys.Bootstrapper))
            .Select(address => address?.Value).OfType<IPAddress>().ToHashSet();
        var routers = draft.Networks.SelectMany(network => network.Values(NetworkKeys.Routers)).ToHashSet();
        return address => Taken(address, bootstrapper, routers, ranges);
    }

    private static IEnumerable<Stated<T>> Stated<T>(Draft draft, ValueKey<T> key) =>
        draft.Nodes.Select(node => node.Own.Given(key)).OfType<Stated<T>>();

    private static string? Taken(
        IPAddress address, HashSet<IPAddress> bootstrapper, HashSet<IPAddress> routers, IReadOnlyList<DhcpRange> ranges) =>
        bootstrapper.Contains(address) ? $"{address} is the bootstrapper's address"
        : routers.Contains(address) ? $"{address} is a router's address"
        : ranges.Any(range => range.Contains(address))
            ? $"{address} is inside the DHCP range: another machine could be given it first"
        : null;
}
