using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Bundles;

/// <summary>
/// Reads a bundle from end to end: every file that the manifest lists is there and as it was, and all that any node will ask for
/// is among them. What is not as it was is not read for anything else.
/// </summary>
/// <param name="bases">Where files are that an increment leaves out.</param>
internal sealed class BundleCheck(BundleArchive archive, IReadOnlyList<IContent> bases, IProgress<FileProgress> progress)
{
    /// <returns>What is wrong, one line each, with the nodes that need what is missing; none where the bundle is good.</returns>
    /// <exception cref="InvalidDataException">It has no manifest that can be used.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        var manifest = archive.Manifest();
        var damage = await DamageAsync(manifest, new JoinedContent(manifest, [archive, .. bases]), cancellation);
        return manifest.Base is { } missing && bases.Count == 0
            ? [.. Losses(manifest, damage, Needs.Of(manifest.Nodes)), Ask(missing)]
            : Judge(manifest, damage);
    }

    private IReadOnlyList<string> Judge(BundleManifest manifest, Dictionary<BundleFile, string> damage)
    {
        var content = new JoinedContent(manifest, [archive, .. bases], damage.Keys);
        var (snapshot, problems) = BundledSnapshot.Of(content);
        var closure = snapshot is null ? null : Closure.Of(snapshot, content);
        var losses = Losses(manifest, damage, closure?.Needs ?? Needs.Of(manifest.Nodes)).ToList();
        return losses.Count > 0 ? losses :
        [
            .. problems, .. closure?.Missing ?? [],
            .. snapshot is null ? [] : Promises.Broken(snapshot, content, manifest.Files),
        ];
    }

    /// <summary>What the bundle is not any more. What it never was is told when nothing else is wrong.</summary>
    private IEnumerable<string> Losses(BundleManifest manifest, Dictionary<BundleFile, string> damage, Needs needs) =>
        archive.Problems
            .Concat(damage.Select(file => $"{file.Key.Path} {file.Value}: {needs.Tell(file.Key.Path)}"
                + (file.Key.InBase ? $"; the bundle {Tell(manifest.Base!)} has it" : "")))
            .Concat(Links(manifest, needs))
            .Concat(Strangers(manifest));

    private async Task<Dictionary<BundleFile, string>> DamageAsync(
        BundleManifest manifest, JoinedContent content, CancellationToken cancellation)
    {
        var files = manifest.Files.Where(file => !file.InBase || bases.Count > 0).ToList();
        var counter = new BundleProgress(progress, "verifying", files.Sum(file => file.Size));
        var damage = new Dictionary<BundleFile, string>();
        foreach (var file in files)
        {
            await using var stream = content.Open(file.Path);
            if (await ObjectionAsync(file, stream, counter, cancellation) is { } objection)
            {
                damage[file] = objection;
            }
        }

        return damage;
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
            .Concat(manifest.Links.Select(link => link.Path)).Concat([BundlePath.Manifest, BundlePath.Signature])
            .ToHashSet(StringComparer.Ordinal);
        return archive.Files.Concat(archive.Links.Keys).Where(path => !listed.Contains(path))
            .Select(path => $"{path} is not in the manifest: it was added later");
    }

    private static string Ask(BundleBase missing) =>
        $"it holds only what is new against {Tell(missing)}: name that one with --against";

    private static string Tell(BundleBase missing) => $"{missing.Name} (manifest {missing.Identity[..12]}…)";
}
