using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The three networks of a cluster: that of its machines, of its pods and of its services.</summary>
internal static class KubernetesRules
{
    public static IEnumerable<Problem> ClusterDnsLiesInServiceNetwork(Draft draft)
    {
        if (draft.Kubernetes is { ClusterDns: { } dns, ServiceCidr.Value: var services } && !services.Contains(dns.Value))
        {
            yield return dns.Error($"the cluster's DNS service, {dns.Value}, is outside the network of services: {services}");
        }
    }

    public static IEnumerable<Problem> NetworksDoNotOverlap(Draft draft) =>
        from pair in Pairs(draft)
        where pair.One is not null && pair.Other is not null && pair.One.Value.Overlaps(pair.Other.Value)
        select pair.One.Error($"{pair.One.Value} overlaps {pair.Other.Path}: {pair.Other.Value}");

    private static (Stated<IPNetwork>? One, Stated<IPNetwork>? Other)[] Pairs(Draft draft)
    {
        var (machines, pods, services) = (draft.Network.Subnet, draft.Kubernetes.PodCidr, draft.Kubernetes.ServiceCidr);
        return [(pods, machines), (services, machines), (services, pods)];
    }
}
