namespace Bootstrapper.Bundles;

/// <summary>
/// What a manifest lists, each file from the first place that has it: an increment, and what it was made against.
/// </summary>
/// <param name="damaged">Those that are not as the manifest says: their names are known, and they are not opened.</param>
internal sealed class JoinedContent(
    BundleManifest manifest, IReadOnlyList<IContent> places, IEnumerable<BundleFile>? damaged = null) : IContent
{
    private readonly Dictionary<string, BundleFile> _files =
        manifest.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);

    private readonly HashSet<BundleFile> _damaged = [.. damaged ?? []];

    public IReadOnlyCollection<string> Files => _files.Keys;

    public IReadOnlyDictionary<string, string> Links { get; } =
        manifest.Links.ToDictionary(link => link.Path, link => link.Target, StringComparer.Ordinal);

    public Stream? Open(string path) => !_files.TryGetValue(path, out var file) || _damaged.Contains(file)
        ? null
        : places.Skip(file.InBase ? 1 : 0).Take(file.InBase ? int.MaxValue : 1)
            .Select(place => place.Open(path)).FirstOrDefault(stream => stream is not null);
}
