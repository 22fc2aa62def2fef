namespace Bootstrapper.Registry;

/// <summary>
/// The manifests that no tag leads to any more, and that no node was told of, in the storage of a registry that takes no pushes:
/// distribution 2.8 keeps, for each repository, <c>_manifests/tags/TAG/current/link</c> and
/// <c>_manifests/revisions/sha256/HEX</c>.
/// </summary>
/// <remarks>
/// <c>garbage-collect --delete-untagged</c> would take the manifests of the single platforms out of a list, for they have no
/// tags of their own, and leave the list broken.
/// </remarks>
/// <param name="told">Digests that nodes were told: clusters that were installed with them go on asking for them.</param>
internal sealed class UntaggedManifests(string storage, IReadOnlyCollection<string> told)
{
    private readonly string _root = Path.Combine(storage, "docker", "registry", "v2");

    private string Repositories => Path.Combine(_root, "repositories");

    /// <summary>Whether anything was ever pushed.</summary>
    public bool HasRepositories => Directory.Exists(Repositories);

    /// <summary>What the blobs take on the disk, in bytes, and how many they are.</summary>
    public (int Count, long Bytes) Blobs()
    {
        var blobs = new DirectoryInfo(Path.Combine(_root, "blobs"));
        var files = blobs.Exists ? blobs.EnumerateFiles("data", SearchOption.AllDirectories).ToList() : [];
        return (files.Count, files.Sum(file => file.Length));
    }

    /// <returns>How many there were.</returns>
    public int Remove() =>
        Directory.EnumerateDirectories(Repositories, "_manifests", SearchOption.AllDirectories).ToList().Sum(RemoveFrom);

    private int RemoveFrom(string manifests)
    {
        var tags = Subdirectories(manifests, "tags");
        var kept = tags.Select(tag => Path.Combine(tag, "current", "link")).Where(File.Exists)
            .Select(File.ReadAllText).Concat(told).SelectMany(WithPlatforms).ToHashSet(StringComparer.Ordinal);
        var removed = Subdirectories(manifests, "revisions", "sha256")
            .Where(revision => !kept.Contains(DigestOf(revision))).ToList();
        foreach (var revision in removed)
        {
            tags.Select(tag => Path.Combine(tag, "index", "sha256", Path.GetFileName(revision)))
                .Append(revision).Where(Directory.Exists).ToList()
                    .ForEach(directory => Directory.Delete(directory, recursive: true));
        }

        return removed.Count;
    }

    /// <summary>The manifest and, where it is a list, those it lists.</summary>
    private IEnumerable<string> WithPlatforms(string digest)
    {
        var hex = digest["sha256:".Length..];
        var blob = Path.Combine(_root, "blobs", "sha256", hex[..2], hex, "data");
        return File.Exists(blob)
            ? Manifest.Parse(File.ReadAllBytes(blob)).Manifests.SelectMany(WithPlatforms).Prepend(digest)
            : [digest];
    }

    private static string DigestOf(string revision) => $"sha256:{Path.GetFileName(revision)}";

    private static List<string> Subdirectories(params string[] path) =>
        Path.Combine(path) is var directory && Directory.Exists(directory) ? [.. Directory.EnumerateDirectories(directory)] : [];
}
