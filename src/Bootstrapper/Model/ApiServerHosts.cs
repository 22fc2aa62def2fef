using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// What a machine writes into /etc/hosts so that it finds the API servers when our DNS is away: all of them, for kubelet and
/// kube-proxy dial one after the other; a control plane begins with itself, of the other
/// nodes each with another, or all would use the first.
/// </summary>
internal static class ApiServerHosts
{
    /// <summary>At the end of each line; by it a later set of lines replaces an earlier one.</summary>
    public const string Mark = "# bootstrapper: API server";

    /// <returns>
    /// Whole lines; none where the API endpoint is an address, which needs no name, or where no control plane has an <c>ip</c>.
    /// </returns>
    public static string Of(Node node, ClusterDescription cluster) =>
        Of(node, cluster.Kubernetes.ApiEndpoint, AddressesIn(cluster));

    /// <param name="addresses">Those of the control planes, in their order.</param>
    public static string Of(Node node, string endpoint, IReadOnlyList<IPAddress> addresses)
    {
        if (IPAddress.TryParse(endpoint, out _))
        {
            return "";
        }

        var first = addresses.Index().FirstOrDefault(other => other.Item.Equals(node.Ip)) is { Item: not null } own ? own.Index
            : addresses.Count == 0 ? 0 : (int)(node.Mac.Value % (ulong)addresses.Count);
        return string.Concat(
            addresses.Skip(first).Concat(addresses.Take(first)).Select(address => $"{address} {endpoint} {Mark}\n"));
    }

    public static IReadOnlyList<IPAddress> AddressesIn(ClusterDescription cluster) =>
    [
        .. cluster.Nodes.Where(other => other.Roles.HasFlag(NodeRoles.KubeMaster)).Select(other => other.Ip).OfType<IPAddress>(),
    ];
}
