using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>Addresses of servers, which may stand anywhere, but not where no server can.</summary>
internal static class ServerRules
{
    /// <summary>A tunnel to the API server may begin on the machine itself, and so may a cache of names or a clock.</summary>
    private static readonly ListKey<IPAddress>[] Lists =
    [
        NetworkKeys.NameServers, NetworkKeys.UpstreamNameServers, NetworkKeys.NtpServers, KubernetesTopKeys.MasterAddresses,
    ];

    private static readonly ListKey<IPAddress>[] ListsOfNetworks = [NetworkKeys.NameServers, NetworkKeys.NtpServers];

    public static IEnumerable<Problem> ServersAreHosts(Draft draft)
    {
        var misfit = Misfit(draft);
        return from server in Lists.SelectMany(draft.Cluster.List).Concat(draft.Cluster.Sections(ClusterKeys.Networks)
                   .SelectMany(network => ListsOfNetworks.SelectMany(network.List)))
               let special = SpecialAddresses.Around(server.Value)
               let reason = special == SpecialAddresses.Own ? null : misfit(server.Value)
               where reason is not null
               select server.Error(reason);
    }

    /// <summary>dnsmasq leaves such a server out, with a line in its log that nobody looks for.</summary>
    public static IEnumerable<Problem> OurDnsAsksSomebodyElse(Draft draft) =>
        from server in draft.Cluster.List(NetworkKeys.UpstreamNameServers)
        where server.Value.Equals(draft.Cluster.Given(ClusterKeys.Bootstrapper)?.Value)
        select server.Warning("is the bootstrapper itself, whose DNS is to ask there: name the server that this host asks");

    /// <summary>A control plane's, or a load balancer's before them all, which may be on any machine.</summary>
    public static IEnumerable<Problem> ApiServerIsAtAnAddressOfItsOwn(Draft draft)
    {
        if (ApiAddress(draft) is not { } api)
        {
            yield break;
        }

        if ((Misfit(draft)(api.Value) ?? Leased(draft, api.Value)) is { } reason)
        {
            yield return api.Error($"the API server cannot be there: {reason}");
        }
        else if (LoadBalancer(draft, api) is { } problem)
        {
            yield return problem;
        }
    }

    public static IEnumerable<Problem> OtherApiAddressesAreNoWorkers(Draft draft) =>
        draft.Cluster.List(KubernetesTopKeys.MasterAddresses).Select(address => LoadBalancer(draft, address)).OfType<Problem>();

    private static Problem? LoadBalancer(Draft draft, Stated<IPAddress> address) => Owner(draft, address.Value) is { } owner
        ? address.Warning($"a load balancer must answer there: {owner}")
        : null;

    /// <summary><c>null</c> where <c>api_endpoint</c> is a name.</summary>
    public static Stated<IPAddress>? ApiAddress(Draft draft) =>
        draft.Cluster.Given(KubernetesKeys.ApiEndpoint) is { } endpoint && IPAddress.TryParse(endpoint.Value, out var address)
            ? endpoint.Select(_ => address)
            : null;

    /// <summary>Tells why nothing can be reached at an address; <c>null</c> where something can.</summary>
    private static Func<IPAddress, string?> Misfit(Draft draft)
    {
        var subnets = draft.Networks.Select(SubnetRules.SoundSubnet).OfType<Stated<IPNetwork>>().ToList();
        var misfit = NetworkRules.Misfits(draft);
        return address =>
            SpecialAddresses.Around(address) is { } special && special != SpecialAddresses.LinkLocal
                ? $"the addresses of {special.Network} are {special.What}"
            : subnets.Exists(subnet => subnet.Value.Contains(address)) ? misfit(address)
            : null;
    }

    private static string? Owner(Draft draft, IPAddress address)
    {
        var masters = RoleRules.MastersOf(draft);
        var worker = draft.Nodes.Index().Where(node => !masters.Contains(node.Index))
            .Select(node => node.Item.Own.Given(NodeKeys.Ip)).FirstOrDefault(ip => address.Equals(ip?.Value));
        return address.Equals(draft.Cluster.Given(ClusterKeys.Bootstrapper)?.Value) ? $"{address} is the bootstrapper's address"
            : worker is not null && draft.RolesAreClear ? $"{worker.Path} is {address}, and that node is a worker"
            : null;
    }

    private static string? Leased(Draft draft, IPAddress address) =>
        draft.Networks.Any(network => RangeRules.SoundRange(network)?.Contains(address) == true)
        ? $"{address} is inside the DHCP range: another machine could be given it"
        : null;
}
