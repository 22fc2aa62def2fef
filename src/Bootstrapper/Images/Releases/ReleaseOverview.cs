using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;

namespace Bootstrapper.Images.Releases;

/// <summary>How the releases stand that machines will ask for: each channel in use.</summary>
internal sealed class ReleaseOverview(Bsroot bsroot, CurrentSnapshot current, ReleaseStates states)
{
    public IReadOnlyList<ChannelView> Channels()
    {
        var cluster = current.Value.Cluster;
        return [.. ChannelsInUse.Of(cluster).Select(channel => View(cluster, channel))];
    }

    /// <summary>One for each channel that lacks a file that machines cannot do without.</summary>
    public static IEnumerable<Problem> Warnings(ClusterDescription cluster, Bsroot bsroot) =>
        from channel in ChannelsInUse.Of(cluster)
        let missing = Missing(cluster, channel, ChannelDirectory.Of(bsroot, channel))
        where missing is not null
        select Problem.Warning("coreos_channel", $"{missing} is missing: no machine can be installed from {channel} before "
            + (cluster.Os.ReleaseUpdates.Enabled ? "'serve' has downloaded it" : "'bootstrapper fetch os' has downloaded it"));

    private ChannelView View(ClusterDescription cluster, string channel)
    {
        var directory = ChannelDirectory.Of(bsroot, channel);
        var state = states.Of(channel);
        return new ChannelView(
            channel,
            cluster.Os.Version == ReleaseVersion.Current ? directory.Current : cluster.Os.Version,
            directory.Versions,
            state?.Looked,
            state?.Next,
            state?.Failure,
            Missing(cluster, channel, directory));
    }

    /// <summary>
    /// Without the live system's kernel and initrd no machine boots, unless all boot the signed one, unknown ones too; without
    /// the image the installer has nothing to install.
    /// </summary>
    private static string? Missing(ClusterDescription cluster, string channel, ChannelDirectory directory)
    {
        var names = ReleaseFiles.Of(cluster.Os.Name);
        var nodes = cluster.Nodes.Where(node => node.Channel == channel).ToList();
        var meetsUnknown = channel == cluster.Os.Channel
            && cluster is { UnknownNodes: not UnknownNodes.Ignore, IsSecure: false };
        string[] booted = nodes.Count > 0 && nodes.All(node => node.IsSecure) && !meetsUnknown
            ? []
            : [names.Kernel, names.Initrd];
        return booted.Concat(cluster.Os.InstallMethod == InstallMethod.Raw ? [] : [names.Image])
            .FirstOrDefault(name => !File.Exists(Path.Combine(directory.Of(cluster.Os.Version), name))) is { } missing
            ? $"www/{channel}/{cluster.Os.Version}/{missing}"
            : null;
    }
}
