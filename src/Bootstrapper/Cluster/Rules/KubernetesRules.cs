using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Rules;

/// <summary>
/// The three networks of a cluster: that of its machines, of its pods and of its services; and what kubelets say of nodes.
/// </summary>
internal static class KubernetesRules
{
    /// <summary>The API server takes no network of services with fewer than eight addresses.</summary>
    private const int LongestServicePrefix = 29;

    private const string NodeLabels = "--node-labels=";

    public static IEnumerable<Problem> ServicesHaveRoom(Draft draft)
    {
        if (KubernetesSettings.ServicesOf(draft.Cluster) is { Value.PrefixLength: > LongestServicePrefix } services)
        {
            yield return services.Error(
                $"a /{services.Value.PrefixLength} is too small: the API server takes none smaller than /{LongestServicePrefix}");
        }
    }

    /// <summary>
    /// The first address is that of the service <c>kubernetes</c>; no service gets the network's own or its broadcast address.
    /// </summary>
    public static IEnumerable<Problem> ClusterDnsCanBeAService(Draft draft)
    {
        if (KubernetesSettings.DnsOf(draft.Cluster) is { } dns
            && KubernetesSettings.ServicesOf(draft.Cluster) is { Value: var services }
            && Unfit(dns.Value, services) is { } reason)
        {
            var advice = draft.Cluster.Has(KubernetesKeys.ClusterDns) ? "" : "; set kubernetes.cluster_dns";
            yield return dns.Error($"the cluster's DNS service cannot have {dns.Value}: {reason}{advice}");
        }
    }

    public static IEnumerable<Problem> NetworksDoNotOverlap(Draft draft) =>
        from pair in Pairs(draft)
        where pair.One is not null && pair.Other is not null && pair.One.Value.Overlaps(pair.Other.Value)
        select pair.One.Error($"{pair.One.Value} overlaps {pair.Other.Path}: {pair.Other.Value}");

    /// <summary>Linux sends no packet there, or takes it for its own (RFC 6890).</summary>
    public static IEnumerable<Problem> NetworksAreOfHosts(Draft draft) =>
        from network in new[] { draft.Cluster.Get(KubernetesKeys.PodCidr), KubernetesSettings.ServicesOf(draft.Cluster) }
            .OfType<Stated<IPNetwork>>()
        let special = SpecialAddresses.In(network.Value)
        where special is not null
        select network.Error($"no pod or service can have addresses of {special.Network}, which are {special.What}");

    /// <summary>On a machine of the cluster, packets to such an address go to a pod or a service.</summary>
    public static IEnumerable<Problem> ServersAreOutsideOfPodsAndServices(Draft draft) =>
        from server in draft.Cluster.List(NetworkKeys.NameServers).Concat(draft.Cluster.List(NetworkKeys.NtpServers))
            .Append(ServerRules.ApiAddress(draft)).OfType<Stated<IPAddress>>()
        from network in new[] { draft.Cluster.Get(KubernetesKeys.PodCidr), KubernetesSettings.ServicesOf(draft.Cluster) }
            .OfType<Stated<IPNetwork>>()
        where network.Value.Contains(server.Value)
        select server.Warning(
            $"{server.Value} is inside {network.Path}, {network.Value}: machines that run Kubernetes cannot rely on reaching it");

    /// <summary>Cilium and Calico can do what kube-proxy does.</summary>
    public static IEnumerable<Problem> ServicesAreReached(Draft draft)
    {
        if (draft.Cluster.Get(KubernetesKeys.KubeProxy) is { Value: KubeProxy.None } proxy
            && draft.Cluster.Get(KubernetesKeys.Cni) is { Value: Cni.Flannel })
        {
            yield return proxy.Warning("flannel does not do what kube-proxy does: no pod reaches a service");
        }
    }

    /// <summary>Kubernetes has deprecated it, and a later release may not have it.</summary>
    public static IEnumerable<Problem> ServicesAreReachedForLong(Draft draft)
    {
        if (draft.Cluster.Get(KubernetesKeys.KubeProxy) is { Value: KubeProxy.Ipvs } proxy)
        {
            yield return proxy.Warning(
                "Kubernetes has deprecated ipvs in 1.35: choose nftables, or iptables where Linux is older than 5.13");
        }
    }

    /// <summary>
    /// The API server asks a kubelet by its node's address, and a certificate for that is given where we know whose it is.
    /// </summary>
    public static IEnumerable<Problem> KubeletsAreReached(Draft draft)
    {
        var count = draft.Nodes.Count(node => node.Own.Given(NodeKeys.Ip) is null);
        if (count > 0 && DhcpSettings.ModeOf(draft.Cluster) is DhcpMode.Proxy or DhcpMode.Off)
        {
            var message = $"another server leases the addresses, and {count} {(count == 1 ? "node has" : "nodes have")} no ip: "
                + "kubectl logs, exec and port-forward do not reach a kubelet there, whose certificate names no address";
            yield return draft.Cluster.Given(DhcpKeys.Dhcp)?.Warning(message)
                ?? draft.Cluster.Given(DhcpKeys.StartPxe)!.Warning(message);
        }
    }

    /// <summary>What <c>labels</c> says is given through the API where it must be; this is the other way to say it.</summary>
    public static IEnumerable<Problem> KubeletsMayGiveThemselvesTheirLabels(Draft draft) =>
        from argument in draft.Cluster.List(ExtraArgsKeys.Of("kubelet"))
        where argument.Value.StartsWith(NodeLabels, StringComparison.Ordinal)
        from label in argument.Value[NodeLabels.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries)
        let pair = label.Split('=', 2)
        let objection = KubernetesLabel.Objection(pair[0]) ?? Misspelling(pair) ?? (KubernetesLabel.IsForKubelets(pair[0]) ? null
            : "is a label that a kubelet may not give itself, and it does not start: write it under labels instead")
        where objection is not null
        select argument.Error($"{Printable.Escaped(pair[0].Length > 0 ? pair[0] : label)} {objection}");

    /// <summary>The kubelet exits at what <c>labels</c> does not take either. No value is an empty one to it.</summary>
    private static string? Misspelling(string[] pair) =>
        !NameSyntax.LabelName.TryRead(pair[0], out _) ? $"is not {NameSyntax.LabelName.Noun}"
        : pair is not [_, var value] || NameSyntax.LabelValue.TryRead(value, out _) ? null
        : $"has a value that is not {NameSyntax.LabelValue.Noun}";

    private static string? Unfit(IPAddress dns, IPNetwork services) =>
        !services.Contains(dns) ? $"it is outside the network of services, {services}"
        : dns.Equals(services.BaseAddress) ? $"it is the own address of the network of services, {services}"
        : dns.Equals(services.Last()) ? $"it is the broadcast address of the network of services, {services}"
        : dns.ToNumber() == services.BaseAddress.ToNumber() + 1 ? "it is the first of the services', which the API server has"
        : null;

    private static (Stated<IPNetwork>? One, Stated<IPNetwork>? Other)[] Pairs(Draft draft)
    {
        var (pods, services) = (draft.Cluster.Get(KubernetesKeys.PodCidr), KubernetesSettings.ServicesOf(draft.Cluster));
        return
        [
            .. draft.Networks.Select(SubnetRules.SoundSubnet)
                .SelectMany(machines => new[] { (pods, machines), (services, machines) }),
            (services, pods),
        ];
    }
}
