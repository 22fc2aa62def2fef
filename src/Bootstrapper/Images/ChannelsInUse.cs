using Bootstrapper.Cluster;

namespace Bootstrapper.Images;

/// <summary>Which channels' releases machines will ask for.</summary>
internal static class ChannelsInUse
{
    /// <summary>Those of the nodes; while none is planned, the cluster's, and Flatcar's own default where there is no description.</summary>
    public static IReadOnlyList<string> Of(ClusterDescription? cluster) => cluster is { Nodes.Count: > 0 }
        ? [.. cluster.Nodes.Select(node => node.Channel).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        : [(cluster?.Os ?? new OperatingSystemSettings()).Channel];
}
