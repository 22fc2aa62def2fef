namespace Bootstrapper.Bundles;

/// <summary>
/// Finds files as our servers do: through links, kernels over TFTP where they lie for HTTP, and assets in either of two places.
/// </summary>
internal sealed class ServedFiles(IContent content)
{
    /// <summary>Under <c>tftpboot/</c>; the program makes it a link to <c>www/</c>.</summary>
    private const string Releases = $"{BundlePath.Tftp}os/";

    private const string AssetsInWww = $"{BundlePath.Www}assets/";

    private readonly HashSet<string> _files = new(content.Files, StringComparer.Ordinal);

    public bool Has(string path) => _files.Contains(path);

    public bool HasBelow(string prefix) => _files.Any(file => file.StartsWith(prefix, StringComparison.Ordinal));

    /// <returns>
    /// The name of the file itself, and the links on the way to it. Whether there is such a file is another question.
    /// </returns>
    public (string Path, IReadOnlyList<string> Links) Resolve(string name)
    {
        var places = Places(name).Select(Follow).ToList();
        return places.Find(place => HasBelow(place.Path)) is { Path: not null } there ? there : places[^1];
    }

    /// <summary>Where it may be, the first one that is there; where none is, it is missed at the last.</summary>
    private IEnumerable<string> Places(string name) =>
        name.StartsWith(BundlePath.MatchboxAssets, StringComparison.Ordinal)
            ? [AssetsInWww + name[BundlePath.MatchboxAssets.Length..], name]
        : name.StartsWith(Releases, StringComparison.Ordinal) && !Has(name) ? [BundlePath.Www + name[Releases.Length..]]
        : [name];

    private (string Path, IReadOnlyList<string> Links) Follow(string name)
    {
        var links = new List<string>();
        var path = name;
        while (links.Count <= content.Links.Count && LinkIn(path) is { } link)
        {
            links.Add(link);
            path = BundlePath.Follow(link, content.Links[link]) + path[link.Length..];
        }

        return (path, links);
    }

    private string? LinkIn(string path) =>
        content.Links.Keys.FirstOrDefault(link => path == link || path.StartsWith($"{link}/", StringComparison.Ordinal));
}
