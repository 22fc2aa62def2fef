using Bootstrapper.Cluster;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Signatures;

namespace Bootstrapper.Images.Releases;

/// <summary>Brings a release here and puts it into force, or changes nothing.</summary>
internal sealed class ReleaseFetcher(Bsroot bsroot, Downloader downloader)
{
    private const int BlockSize = 1 << 20;

    /// <exception cref="ReleaseException">
    /// No mirror has it as it should be; the message says what was wrong with each.
    /// </exception>
    public async Task<FetchResult> FetchAsync(
        ReleaseOrder order, IProgress<FileProgress> progress, CancellationToken cancellation)
    {
        try
        {
            return await TryAsync(order, progress, cancellation);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new DiskException(bsroot.Www, refusal);
        }
    }

    private async Task<FetchResult> TryAsync(ReleaseOrder order, IProgress<FileProgress> progress, CancellationToken cancellation)
    {
        SigningKeys.WriteReadme(bsroot);
        var channel = ChannelDirectory.Of(bsroot, order.Track.Folder);
        using var signatures = new SignatureCheck(SigningKeys.Load(bsroot));
        using var alone = channel.Lock();
        var (release, isNew) = await FirstAsync(
            Sources(order),
            source => ObtainAsync(source, order, channel, signatures, progress, cancellation));
        return await PutIntoForceAsync(release, isNew, order, channel, cancellation);
    }

    private IEnumerable<IReleaseSource> Sources(ReleaseOrder order) => order.Track.Family == ReleaseFamily.FedoraCoreOS
        ? FedoraSource.All(downloader, order.Track, order.Mirrors)
        : ContainerLinuxSource.All(downloader, order.Track, order.Mirrors);

    /// <summary>A full disk is full whichever mirror we ask.</summary>
    private static async Task<T> FirstAsync<T>(IEnumerable<IReleaseSource> sources, Func<IReleaseSource, Task<T>> obtain)
    {
        var failures = new List<ReleaseException>();
        foreach (var source in sources)
        {
            try
            {
                return await obtain(source);
            }
            catch (ReleaseException failure) when (failure is not DiskException)
            {
                failures.Add(failure);
            }
        }

        throw new ReleaseException(string.Join("; ", failures.Select(failure => failure.Message)), failures[0]);
    }

    private async Task<(Release Release, bool IsNew)> ObtainAsync(
        IReleaseSource source,
        ReleaseOrder order,
        ChannelDirectory channel,
        SignatureCheck signatures,
        IProgress<FileProgress> progress,
        CancellationToken cancellation)
    {
        var release = await source.FindAsync(order.Version, cancellation);
        RefuseToGoBack(order, release, channel);
        if (channel.Has(release.Version))
        {
            RefuseToComplete(release, channel);
            return (release, IsNew: false);
        }

        await DownloadAsync(release, channel, signatures, progress, cancellation);
        RefuseTheSame(release, channel);
        channel.Publish(release.Version, string.Join('\n', release.Files.Select(file => file.Url)) + '\n');
        return (release, IsNew: true);
    }

    /// <summary>Does not leave a disk full on which the state of every node lies.</summary>
    private async Task DownloadAsync(
        Release release,
        ChannelDirectory channel,
        SignatureCheck signatures,
        IProgress<FileProgress> progress,
        CancellationToken cancellation)
    {
        try
        {
            await new ReleaseDownload(downloader, signatures, channel.Partial(release.Version), progress).RunAsync(
                release, cancellation);
        }
        catch (DiskException)
        {
            Directory.Delete(channel.Partial(release.Version), recursive: true);
            throw;
        }
    }

    /// <summary>A mirror that lags behind, or somebody who wants an old hole back, must not take machines with it.</summary>
    private static void RefuseToGoBack(ReleaseOrder order, Release release, ChannelDirectory channel)
    {
        if (order.Version == ReleaseVersion.Current && channel.Current is { } inForce
            && ReleaseVersion.Compare(release.Version, inForce) < 0)
        {
            throw new ReleaseException($"{release.Files[0].Url} is of {release.Version}, "
                + $"which is older than {inForce} in force; to go back, name it with --version");
        }
    }

    /// <summary>A file that is here already, under another version, has a new name to keep machines on the old one.</summary>
    private static void RefuseTheSame(Release release, ChannelDirectory channel)
    {
        var partial = channel.Partial(release.Version);
        var same =
            from file in release.Files
            where !file.MayRecur
            from version in channel.Versions
            where AreSame(Path.Combine(channel.Of(version), file.Name), Path.Combine(partial, file.Name))
            select $"{file.Url} is refused: it is {file.Name} of {version}, and calls itself {release.Version}";
        if (same.FirstOrDefault() is { } refusal)
        {
            Directory.Delete(partial, recursive: true);
            throw new ReleaseException(refusal);
        }
    }

    /// <summary>Block by block: files of two releases differ in their first one.</summary>
    private static bool AreSame(string here, string there)
    {
        if (!File.Exists(here) || new FileInfo(here).Length != new FileInfo(there).Length)
        {
            return false;
        }

        using var one = File.OpenRead(here);
        using var other = File.OpenRead(there);
        Span<byte> ours = new byte[BlockSize], theirs = new byte[BlockSize];
        while (one.ReadAtLeast(ours, BlockSize, throwOnEndOfStream: false) is > 0 and var length)
        {
            if (other.ReadAtLeast(theirs, BlockSize, throwOnEndOfStream: false) != length
                || !ours[..length].SequenceEqual(theirs[..length]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What an operator put together is not ours to fix.</summary>
    private static void RefuseToComplete(Release release, ChannelDirectory channel)
    {
        var missing = release.Files.Select(file => file.Name)
            .Where(name => !File.Exists(Path.Combine(channel.Of(release.Version), name))).ToList();
        if (missing.Count > 0)
        {
            throw new ReleaseException($"{channel.Of(release.Version)} is there but lacks {string.Join(", ", missing)}: "
                + "complete it, or move it away and fetch again");
        }
    }

    private static async Task<FetchResult> PutIntoForceAsync(
        Release release, bool isNew, ReleaseOrder order, ChannelDirectory channel, CancellationToken cancellation)
    {
        if (order.Transcoding == Transcoding.Zstd)
        {
            await Transcoder.EnsureAsync(channel.Of(release.Version), cancellation);
        }

        var hasSwitched = channel.Current != release.Version;
        if (hasSwitched)
        {
            channel.Switch(release.Version);
        }

        channel.Tidy(release.Version);
        return new FetchResult(release.Version, isNew, hasSwitched);
    }
}
