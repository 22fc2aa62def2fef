using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>Where the nodes are that have no address of their own: this host's DNS may not know them.</summary>
internal sealed class LeasedHosts(LeaseFile leases)
{
    /// <returns>By the name that such a node is asked under.</returns>
    public IReadOnlyDictionary<string, IPAddress> Of(ClusterDescription cluster)
    {
        var leased = leases.Current().ToLookup(lease => lease.Mac, lease => lease.Address);
        return cluster.Nodes.Where(node => node.Ip is null && leased[node.Mac].Any())
            .ToDictionary(
                node => EtcdPeer.HostOf(node, cluster), node => leased[node.Mac].First(), StringComparer.OrdinalIgnoreCase);
    }
}
