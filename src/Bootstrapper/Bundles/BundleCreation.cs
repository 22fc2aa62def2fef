using Bootstrapper.Host;
using Bootstrapper.Images.Downloads;
using Bootstrapper.InForce;

namespace Bootstrapper.Bundles;

/// <summary>
/// Makes a bundle of a data root, once it is proved that nothing is missing. The same data root gives the same bytes, but for the
/// signature, which has a date.
/// </summary>
/// <param name="content">What goes in.</param>
/// <param name="against">The bundle that the receiver has; <c>null</c> for one that is complete in itself.</param>
/// <param name="sign">Makes the detached signature of the manifest; <c>null</c> for none.</param>
internal sealed class BundleCreation(
    DataRootContent content, BundleArchive? against, Func<byte[], byte[]>? sign, IProgress<FileProgress> progress)
{
    /// <param name="output">There whole or not at all.</param>
    /// <exception cref="BundleException">Something is missing, or must not travel.</exception>
    /// <exception cref="IOException">The disk is full, or a file cannot be read.</exception>
    public async Task<BundleManifest> RunAsync(string output, CancellationToken cancellation)
    {
        Bsroot.RequireReplaceable(output);
        var (snapshot, problems) = BundledSnapshot.Of(content);
        problems =
        [
            .. problems, .. SecretScan.Problems(content), .. snapshot is null ? [] : Closure.Of(snapshot, content).Missing,
        ];
        if (snapshot is null || problems.Count > 0)
        {
            throw new BundleException(problems);
        }

        var manifest = await DescribeAsync(snapshot, cancellation);
        if (Promises.Broken(snapshot, content, manifest.Files).ToList() is { Count: > 0 } broken)
        {
            throw new BundleException(broken);
        }

        var head = new BundleHead(manifest.ToJson(), sign?.Invoke(manifest.ToJson()));
        await BundleWriter.WriteAsync(output, head, manifest, content, progress, cancellation);
        return manifest;
    }

    private async Task<BundleManifest> DescribeAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        var known = against?.Manifest().Files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal) ?? [];
        var files = await HashAsync(cancellation);
        return new BundleManifest(
            BundleManifest.Known,
            $"bootstrapper {ProgramVersion.Text}",
            $"{Environment.UserName}@{Environment.MachineName}",
            files.Single(file => file.Path == BundlePath.Description).Sha256,
            [.. snapshot.Cluster.Nodes.Select(node => node.HostName)],
            against is null ? null : new BundleBase(against.Manifest().Identity(), Path.GetFileName(against.Path)),
            [.. files.Select(file => file with { InBase = known.GetValueOrDefault(file.Path) == file.Sha256 })],
            [.. content.Links.Select(link => new BundleLink(link.Key, link.Value)).OrderBy(
                link => link.Path, StringComparer.Ordinal)]);
    }

    private async Task<IReadOnlyList<BundleFile>> HashAsync(CancellationToken cancellation)
    {
        var sizes = content.Files.Order(StringComparer.Ordinal).Select(path => (Path: path, Size: SizeOf(path))).ToList();
        var counter = new BundleProgress(progress, "reading", sizes.Sum(file => file.Size));
        var files = new List<BundleFile>();
        foreach (var (path, size) in sizes)
        {
            await using var stream = content.Open(path)!;
            files.Add(new BundleFile(path, size, await Hashing.Sha256Async(stream, counter, cancellation)));
        }

        return files;
    }

    private long SizeOf(string path)
    {
        using var stream = content.Open(path)!;
        return stream.Length;
    }
}
