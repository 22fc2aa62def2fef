using Bootstrapper.Cluster;

namespace Bootstrapper.Images;

/// <summary>Which channels' releases machines will ask for.</summary>
internal static class ChannelsInUse
{
    /// <summary>
    /// Those of the nodes, and those of the profiles where unknown machines may become nodes; while none is planned, the
    /// cluster's, and Flatcar's own default where there is no description.
    /// </summary>
    public static IReadOnlyList<string> Of(ClusterDescription? cluster)
    {
        var os = cluster?.Os ?? new OperatingSystemSettings();
        var planned = cluster?.Nodes.Select(node => node.Channel) ?? [];
        var possible = cluster is { UnknownNodes: not UnknownNodes.Ignore }
            ? cluster.Profiles.Select(profile => profile.Channel ?? os.Channel).Append(os.Channel)
            : [];
        var channels = planned.Concat(possible).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return channels.Count > 0 ? channels : [os.Channel];
    }
}
