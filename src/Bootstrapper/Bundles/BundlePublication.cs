using Bootstrapper.Images;
using Bootstrapper.Images.Releases;

namespace Bootstrapper.Bundles;

/// <summary>Puts proved files into their places, in an order in which none is named before it is there.</summary>
/// <param name="staged">A directory of the data root that holds them, by the same names.</param>
internal sealed class BundlePublication(Bsroot bsroot, string staged)
{
    /// <returns>Which releases a bundle puts into force: channels' folders and versions.</returns>
    public static IEnumerable<(string Channel, string Version)> Channels(BundleManifest manifest) =>
        from link in manifest.Links
        where IsCurrent(link)
        select (link.Path.Split('/')[1], link.Target.TrimEnd('/').Split('/')[^1]);

    /// <exception cref="ReleaseException">A fetch, or the updater, is at work on a channel.</exception>
    public void Publish(IReadOnlyList<BundleFile> files, IReadOnlyList<BundleLink> links)
    {
        var channels = links.Where(IsCurrent).Select(link => Path.GetDirectoryName(bsroot.At(link.Path))!).ToList();
        var locks = channels.Select(channel => new ChannelDirectory(channel).Lock()).ToList();
        try
        {
            MoveReleases(files, links.Where(IsCurrent));
            foreach (var file in files.OrderBy(file => BundlePath.Rank(file.Path))
                .ThenBy(file => file.Path, StringComparer.Ordinal).Where(file => File.Exists(At(file.Path))))
            {
                Bsroot.MoveIn(At(file.Path), bsroot.At(file.Path));
            }

            links.OrderBy(IsCurrent).ToList().ForEach(Place);
        }
        finally
        {
            locks.ForEach(taken => taken.Dispose());
        }
    }

    /// <summary>A release that was not there appears whole.</summary>
    private void MoveReleases(IReadOnlyList<BundleFile> files, IEnumerable<BundleLink> channels)
    {
        var releases =
            from link in channels
            let channel = link.Path[..^ReleaseVersion.Current.Length]
            from release in files.Where(file => file.Path.StartsWith(channel, StringComparison.Ordinal))
                .Select(file => channel + file.Path[channel.Length..].Split('/')[0]).Distinct(StringComparer.Ordinal)
            where Directory.Exists(At(release)) && !Path.Exists(bsroot.At(release))
            select release;
        foreach (var release in releases.ToList())
        {
            Bsroot.Publish(At(release), bsroot.At(release));
        }
    }

    private void Place(BundleLink link)
    {
        Bsroot.MakeDirectory(Path.GetDirectoryName(bsroot.At(link.Path))!);
        if (new FileInfo(bsroot.At(link.Path)).LinkTarget != link.Target)
        {
            Bsroot.Link(bsroot.At(link.Path), link.Target);
        }
    }

    private static bool IsCurrent(BundleLink link) => link.Path.Split('/') is ["www", _, ReleaseVersion.Current];

    private string At(string path) => Path.Combine(staged, path);
}
