using System.Net;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster;

/// <summary>
/// What must hold between a description and the machine that is to serve it. Checked by <c>serve</c> alone: a description may be
/// written elsewhere.
/// </summary>
internal static class HostRules
{
    /// <param name="isInContainer">Whether a container engine may have given us a network of our own.</param>
    public static IEnumerable<Problem> Check(
        ClusterDescription cluster,
        IReadOnlyList<LocalInterface> interfaces,
        IReadOnlyList<LocalRoute> routes,
        bool isInContainer = false)
    {
        var serving = interfaces.FirstOrDefault(candidate => candidate.Name == cluster.Interface);
        if (cluster.Interface is not null && serving is null)
        {
            yield return Problem.Error(
                "interface", $"this host has no interface {cluster.Interface}; it has {Names(interfaces)}");
        }
        else if (LocalInterface.Holding(cluster.Bootstrapper, interfaces) is not { } holder)
        {
            yield return Problem.Error(
                "bootstrapper",
                $"no interface of this host has the address {cluster.Bootstrapper}"
                    + (isInContainer && HasOnlyAnEnginesCard(interfaces)
                        ? ": the container has a network of its own, where no machine is; run it with --network host, without -p"
                        : ""));
        }
        else if (serving is not null && !serving.Addresses.Contains(cluster.Bootstrapper))
        {
            yield return Problem.Error(
                "interface", $"{serving.Name} does not have the address {cluster.Bootstrapper}, but {holder.Name} does");
        }
        else if (WhyNoMachineIsOn(holder, cluster, routes) is { } reason)
        {
            yield return Problem.Error("bootstrapper", $"{cluster.Bootstrapper} is on {holder.Name}, {reason}");
        }

        foreach (var problem in cluster.Networks.Index().SelectMany(network => CheckNetwork(network.Item, network.Index)))
        {
            yield return problem;
        }

        IEnumerable<Problem> CheckNetwork(Network network, int index)
        {
            if (network.Name.Length == 0 || network.Bootstrapper is not { } own || !cluster.IsOn(network))
            {
                yield break;
            }

            var path = cluster.PathOfNetwork(index);
            var holder = LocalInterface.Holding(own, interfaces);
            if (network.Interface is { } name && interfaces.All(candidate => candidate.Name != name))
            {
                yield return Problem.Error($"{path}.interface", $"this host has no interface {name}; it has {Names(interfaces)}");
            }
            else if (holder is null && !own.Equals(cluster.Bootstrapper))
            {
                yield return Problem.Error($"{path}.bootstrapper", $"no interface of this host has the address {own}");
            }
            else if (network.Interface is { } wanted && holder is not null && holder.Name != wanted)
            {
                yield return Problem.Error(
                    $"{path}.interface", $"{wanted} does not have the address {own}, but {holder.Name} does");
            }
        }
    }

    /// <summary>
    /// dnsmasq serves the interface that has the address, and connections are taken there alone: an address that hosts move
    /// between them, on the loopback or on a dummy interface, would answer nobody.
    /// </summary>
    /// <returns>The reason and what to do; <c>null</c> where machines may be there.</returns>
    private static string? WhyNoMachineIsOn(
        LocalInterface holder, ClusterDescription cluster, IReadOnlyList<LocalRoute> routes)
    {
        if (cluster.NetworkOf(cluster.Bootstrapper) is not { Subnet: var subnet })
        {
            return null; // all machines are behind routers
        }

        var ways = routes.Where(route => route.LeadsTo(subnet)).Select(route => route.Interface)
            .Distinct(StringComparer.Ordinal).ToList();
        return ways.Count > 0 && !ways.Contains(holder.Name, StringComparer.Ordinal)
                ? $"but the machines of {subnet} are reached by {string.Join(", ", ways)}: give that one the address"
            : holder.Index == LocalInterface.LoopbackIndex && !IPAddress.IsLoopback(cluster.Bootstrapper)
                ? "where no machine is: give the address to the interface that the machines are on"
            : null;
    }

    /// <summary>A container on an engine's bridge has one card.</summary>
    private static bool HasOnlyAnEnginesCard(IReadOnlyList<LocalInterface> interfaces) =>
        interfaces.All(local => local.Name is "lo" or "eth0");

    private static string Names(IReadOnlyList<LocalInterface> interfaces) =>
        string.Join(", ", interfaces.Select(local => local.Name));
}
