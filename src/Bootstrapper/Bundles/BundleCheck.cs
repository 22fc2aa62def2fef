using Bootstrapper.Cluster;
using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Bundles;

/// <summary>
/// Reads a bundle from end to end: every file that the manifest lists is there and as it was, and all that any node will ask for
/// is among them.
/// </summary>
/// <param name="bases">Where files are that an increment leaves out.</param>
internal sealed class BundleCheck(BundleArchive archive, IReadOnlyList<IContent> bases, IProgress<FileProgress> progress)
{
    /// <returns>What is wrong, one line each, with the nodes that need what is missing; none where the bundle is good.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        BundleManifest manifest;
        try
        {
            manifest = archive.Manifest();
        }
        catch (InvalidDataException e)
        {
            return [.. archive.Problems, $"{e.Message}; nothing can be verified without it: {Nodes()}"];
        }

        return manifest.Base is { } missing && bases.Count == 0
            ? [.. archive.Problems, .. await FilesAsync(manifest, Needs.Of(manifest.Nodes), cancellation), Ask(missing)]
            : await RunAsync(manifest, cancellation);
    }

    private async Task<IReadOnlyList<string>> RunAsync(BundleManifest manifest, CancellationToken cancellation)
    {
        var content = new JoinedContent(manifest, [archive, .. bases]);
        var (snapshot, problems) = BundledSnapshot.Of(content);
        var closure = snapshot is null ? null : Closure.Of(snapshot, content);
        var needs = closure?.Needs ?? Needs.Of(manifest.Nodes);
        return [
            .. archive.Problems,
            .. await FilesAsync(manifest, needs, cancellation),
            .. Links(manifest, needs),
            .. Strangers(manifest),
            .. problems,
            .. closure?.Missing ?? [],
            .. snapshot is null ? [] : Promises.Broken(snapshot, content, manifest.Files)];
    }

    private async Task<IReadOnlyList<string>> FilesAsync(BundleManifest manifest, Needs needs, CancellationToken cancellation)
    {
        var content = new JoinedContent(manifest, [archive, .. bases]);
        var files = manifest.Files.Where(file => !file.InBase || bases.Count > 0).ToList();
        var counter = new BundleProgress(progress, "verifying", files.Sum(file => file.Size));
        var problems = new List<string>();
        foreach (var file in files)
        {
            await using var stream = content.Open(file.Path);
            if (await ObjectionAsync(file, stream, counter, cancellation) is { } objection)
            {
                problems.Add($"{file.Path} {objection}: "
                    + $"{needs.Tell(file.Path)}{(file.InBase ? $"; the bundle {Tell(manifest.Base!)} has it" : "")}");
            }
        }

        return problems;
    }

    private static async Task<string?> ObjectionAsync(
        BundleFile file, Stream? stream, BundleProgress counter, CancellationToken cancellation)
    {
        if (stream is null || stream.Length != file.Size)
        {
            return stream is null ? "is missing"
                : stream.Length < file.Size ? $"is cut off after {stream.Length} of {file.Size} bytes"
                : $"has {stream.Length} bytes instead of {file.Size}";
        }

        var actual = await Hashing.Sha256Async(stream, counter, cancellation);
        return actual == file.Sha256 ? null : $"was altered, its SHA-256 is {actual} and should be {file.Sha256}";
    }

    private IEnumerable<string> Links(BundleManifest manifest, Needs needs) =>
        from link in manifest.Links
        where archive.Links.GetValueOrDefault(link.Path) != link.Target
        let what = archive.Links.ContainsKey(link.Path) ? "was altered" : "is missing"
        select $"{link.Path} {what}, a link to {link.Target}: {needs.Tell(link.Path)}";

    private IEnumerable<string> Strangers(BundleManifest manifest)
    {
        var listed = manifest.Files.Where(file => !file.InBase).Select(file => file.Path)
            .Concat(manifest.Links.Select(link => link.Path)).Append(BundlePath.Manifest).ToHashSet(StringComparer.Ordinal);
        return archive.Files.Concat(archive.Links.Keys).Where(path => !listed.Contains(path))
            .Select(path => $"{path} is not in the manifest: it was added later");
    }

    /// <summary>Who would be installed from it, as far as it still says so itself.</summary>
    private string Nodes() =>
        ClusterDescriptionReader.Read(
            archive.ReadText(BundlePath.Description) ?? "",
            enrolled: [],
            archive.ReadText(BundlePath.PxeHosts)).Cluster is { } cluster
            ? $"needed by {string.Join(", ", cluster.Nodes.Select(node => node.HostName))}"
            : "needed by every node";

    private static string Ask(BundleBase missing) =>
        $"it holds only what is new against {Tell(missing)}: name that one with --against";

    private static string Tell(BundleBase missing) => $"{missing.Name} (manifest {missing.Identity[..12]}…)";
}
