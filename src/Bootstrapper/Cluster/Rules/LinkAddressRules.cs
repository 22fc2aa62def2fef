using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>Where the links of installed machines are on the network.</summary>
internal static class LinkAddressRules
{
    /// <summary>On the link that the machine boots from it is in the network that the machine boots in.</summary>
    public static IEnumerable<Problem> AddressesAreHostsOfTheirNetworks(Draft draft)
    {
        var networks = Networks(draft);
        return LinkRules.Once(
            from machine in LinkDraft.Of(draft)
            from link in machine.Links.Links
            let home = LinkDraft.NameOf(link) == machine.Links.Main ? HomeOf(machine.Node, networks) : null
            from address in link.List(LinkKeys.Addresses)
            let reason = home is not null && !home.Subnet.Contains(address.Value.Address)
                ? $"{address.Value.Address} is outside {home.Subnet}, the network that the machine boots in: "
                    + "give it to another link, such as a vlan"
                : Misfit(address.Value, networks.Find(network => network.Subnet.Contains(address.Value.Address)))
            where reason is not null
            select address.Error(reason));
    }

    /// <summary>DNS and certificates lead to it.</summary>
    public static IEnumerable<Problem> MachinesKeepTheirIp(Draft draft)
    {
        var networks = Networks(draft);
        return from machine in LinkDraft.Of(draft)
               let ip = machine.Node.Own.Given(NodeKeys.Ip)
               let main = machine.Links.Find(machine.Links.Main)
               where ip is not null && main is not null
               let subnet = HomeOf(machine.Node, networks)?.Subnet
               let addresses = main.List(LinkKeys.Addresses)
               where addresses.Count > 0 && addresses.All(address => !address.Value.Address.Equals(ip.Value)
                   && subnet?.Contains(address.Value.Address) != false) // else that is told
               select addresses[0].Error($"{machine.Links.Main} is what the machine boots from, and its ip is {ip.Value}: "
                   + "DNS and certificates lead there; write that here, or leave addresses out");
    }

    /// <summary>Else it is installed, and never heard of again.</summary>
    public static IEnumerable<Problem> MachinesKeepAnAddress(Draft draft) => LinkRules.Once(
        from machine in LinkDraft.Of(draft)
        let off = machine.Links.Find(machine.Links.Main)?.Given(LinkKeys.Dhcp)
        where off is { Value: false } && !KeepsIp(machine.Node, draft)
            && machine.Links.Links.All(link => !link.Has(LinkKeys.Addresses) && link.Given(LinkKeys.Dhcp) is not { Value: true })
        select off.Error($"{machine.Links.Main} is what the machine boots from, and neither it nor another link has an address: "
            + "write addresses, or leave dhcp out"));

    /// <summary>Neither two links have one, nor a link that of another node.</summary>
    public static IEnumerable<Problem> AddressesAreUnique(Draft draft)
    {
        var own = LinkDraft.Of(draft).ToList();
        var ips = draft.Nodes.Select(node => node.Own.Given(NodeKeys.Ip)).OfType<Stated<IPAddress>>()
            .DistinctBy(ip => ip.Value);
        var all = from machine in own
                  from link in machine.Links.Links
                  let isMain = LinkDraft.NameOf(link) == machine.Links.Main
                  from address in link.List(LinkKeys.Addresses)
                  where !(isMain && address.Value.Address.Equals(machine.Node.Own.Given(NodeKeys.Ip)?.Value))
                  select address.Select(value => value.Address);
        return LinkRules.Once(Unique.Problems(ips.Concat(all)));
    }

    public static IEnumerable<Problem> RoutersAreReached(Draft draft)
    {
        var networks = Networks(draft);
        return LinkRules.Once(
            from machine in LinkDraft.Of(draft)
            from link in machine.Links.Links
            let reached = Reached(machine.Links, machine.Node, link, networks)
            where reached is not null
            from router in link.Sections(LinkKeys.Routes).Select(route => route.Given(RouteKeys.Via))
                .Prepend(link.Given(LinkKeys.Gateway)).OfType<Stated<IPAddress>>()
            let own = link.List(LinkKeys.Addresses).Any(address => address.Value.Address.Equals(router.Value))
            let reason = own ? $"{router.Value} is the link's own address"
                : Unreached(router.Value, reached, LinkDraft.NameOf(link))
            where reason is not null
            select router.Error(reason));
    }

    /// <summary>Of two the kernel takes either.</summary>
    public static IEnumerable<Problem> OneGatewayIsTheDefault(Draft draft) => LinkRules.Once(
        from machine in LinkDraft.Of(draft)
        let gateways = machine.Links.Links.Select(link => link.Given(LinkKeys.Gateway)).OfType<Stated<IPAddress>>()
            .DistinctBy(gateway => gateway.Path, StringComparer.Ordinal).ToList()
        from second in gateways.Skip(1)
        select second.Error($"{gateways[0].Path} is the default gateway already: write a route with a metric"));

    public static IEnumerable<Problem> RoutesAreUnique(Draft draft) => LinkRules.Once(
        LinkDraft.Of(draft).SelectMany(machine => Unique.Problems(
            from link in machine.Links.Links
            from route in link.Sections(LinkKeys.Routes)
            let to = route.Given(RouteKeys.To)
            where to is not null && (route.Given(RouteKeys.Metric) is not null || !route.Has(RouteKeys.Metric))
            select to.Saying(route.Given(RouteKeys.Metric) is { } metric
                ? $"{to.Value} with metric {metric.Value}"
                : $"{to.Value}"))));

    /// <summary>Where another server gives out the addresses it may be a different one.</summary>
    private static bool KeepsIp(NodeDraft node, Draft draft) =>
        node.Own.Has(NodeKeys.Ip) && DhcpSettings.ModeOf(draft.Cluster) == DhcpMode.Server;

    private static string? Misfit(SubnetText address, Described? network)
    {
        if ((address.PrefixLength ?? network?.Subnet.PrefixLength) is not { } length)
        {
            return $"{address.Address} needs the size of its network, as in {address.Address}/24: it is in none of networks";
        }

        var own = new IPNetwork(Ipv4.ToAddress(Ipv4.First(address.Address, length)), length);
        return length == 0 ? "/0 is every network there is: write the size of this one"
            : IPAddress.IsLoopback(address.Address) || address.Address.GetAddressBytes()[0] is 0 or >= 224
                ? $"{address.Address} is not the address of a machine"
            : length < 31 && address.Address.Equals(own.BaseAddress) ? $"{address.Address} is the first address of {own}, its own"
            : length < 31 && address.Address.Equals(own.Last()) ? $"{address.Address} is the broadcast address of {own}"
            : network is null ? null
            : length != network.Subnet.PrefixLength
                ? $"/{length} differs from {network.Subnet}, the network that the address is in"
            : network.Misfit(address.Address);
    }

    /// <summary>The networks of a link that are known; <c>null</c> where one of them may be wrong.</summary>
    private static List<IPNetwork>? Reached(LinkDraft links, NodeDraft node, Section link, List<Described> networks)
    {
        var addresses = link.List(LinkKeys.Addresses);
        var isMain = LinkDraft.NameOf(link) == links.Main;
        var home = isMain ? HomeOf(node, networks) : null;
        var own = addresses.Select(address =>
            (address.Value.PrefixLength
                ?? networks.Find(network => network.Subnet.Contains(address.Value.Address))?.Subnet.PrefixLength) is { } length
                ? new IPNetwork(Ipv4.ToAddress(Ipv4.First(address.Value.Address, length)), length)
                : (IPNetwork?)null).ToList();
        return own.Contains(null) ? null : [.. own.OfType<IPNetwork>(), .. home is null ? [] : new[] { home.Subnet }];
    }

    private static string? Unreached(IPAddress router, List<IPNetwork> reached, string link) =>
        reached.Count == 0 ? $"{link} has no static address, so that nothing tells whether it reaches {router}"
        : !reached.Exists(network => network.Contains(router))
            ? $"{router} is in no network of {link}: {string.Join(", ", reached.Distinct())}"
        : reached.Exists(network => network.PrefixLength < 31
            && (router.Equals(network.BaseAddress) || router.Equals(network.Last())))
            ? $"{router} is not the address of a machine"
        : null;

    private static Described? HomeOf(NodeDraft node, List<Described> networks) =>
        node.Own.Given(NodeKeys.Ip)?.Value is { } ip ? networks.Find(network => network.Subnet.Contains(ip))
        : InstalledNetwork.NameIn(node.Whole!)?.Value is { } name ? networks.Find(network => network.Name == name)
        : networks is [var only] ? only
        : null;

    private static List<Described> Networks(Draft draft)
    {
        var taken = NodeRules.TakenIn(draft);
        return
        [
            .. from network in draft.Networks
               let subnet = SubnetRules.SoundSubnet(network)
               where subnet is not null
               let misfit = NetworkRules.MisfitsIn(network)
               select new Described(
                   network.Mine(NetworkKeys.Name)?.Value, subnet.Value, address => misfit(address) ?? taken(address)),
        ];
    }

    /// <summary>One of the networks that machines boot in.</summary>
    private sealed record Described(string? Name, IPNetwork Subnet, Func<IPAddress, string?> Misfit);
}
