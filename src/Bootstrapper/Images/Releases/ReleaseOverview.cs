using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Images.Releases;

/// <summary>How the releases stand that machines will ask for: one line for each channel in use.</summary>
internal sealed class ReleaseOverview(Bsroot bsroot, CurrentSnapshot current, ReleaseStates states)
{
    public IReadOnlyList<ChannelView> Channels()
    {
        var cluster = current.Value.Cluster;
        return [.. ChannelsInUse.Of(cluster).Select(channel => View(cluster, channel))];
    }

    private ChannelView View(ClusterDescription cluster, string channel)
    {
        var looked = states.Of(channel) is { } state ? $"; {Tell(state)}" : "";
        return Missing(cluster, channel) is { } missing
            ? new ChannelView(IsReady: false, $"{channel}: {missing}: run 'bootstrapper fetch os', or set os.update.enabled{looked}")
            : new ChannelView(IsReady: true, $"{channel}: {Version(cluster, channel)}{looked}");
    }

    /// <summary>Without the live system's kernel and initrd no machine boots, and without the image the installer has nothing to install.</summary>
    private string? Missing(ClusterDescription cluster, string channel)
    {
        var names = ReleaseFiles.Of(cluster.Os.Name);
        var directory = ChannelDirectory.Of(bsroot, channel).Of(cluster.Os.Version);
        return new[] { names.Kernel, names.Initrd, cluster.Os.InstallMethod == InstallMethod.Raw ? names.Kernel : names.Image }
            .FirstOrDefault(name => !File.Exists(Path.Combine(directory, name))) is { } missing ? $"there is no www/{channel}/{cluster.Os.Version}/{missing}" : null;
    }

    private string Version(ClusterDescription cluster, string channel) => cluster.Os.Version == ReleaseVersion.Current
        ? ChannelDirectory.Of(bsroot, channel).Current ?? ReleaseVersion.Current
        : cluster.Os.Version;

    private static string Tell(ReleaseState state) => state.Failure is { } failure
        ? $"looked for a newer one at {state.Looked:u} in vain, again at {state.Next:u}: {failure}"
        : $"the newest at {state.Looked:u}, looking again at {state.Next:u}";
}

/// <summary>A channel's releases, as an operator reads it. That the vendor cannot be reached does not make them less ready.</summary>
internal sealed record ChannelView(bool IsReady, string Text);
