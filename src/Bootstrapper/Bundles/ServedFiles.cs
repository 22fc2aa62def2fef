namespace Bootstrapper.Bundles;

/// <summary>Finds files as our servers do: through links, and kernels over TFTP where they lie for HTTP.</summary>
internal sealed class ServedFiles(IContent content)
{
    /// <summary>Under <c>tftpboot/</c>; the program makes it a link to <c>www/</c>.</summary>
    private const string Releases = $"{BundlePath.Tftp}os/";

    private readonly HashSet<string> _files = new(content.Files, StringComparer.Ordinal);

    public bool Has(string path) => _files.Contains(path);

    public bool HasBelow(string prefix) => _files.Any(file => file.StartsWith(prefix, StringComparison.Ordinal));

    /// <returns>The name of the file itself, and the links on the way to it. Whether there is such a file is another question.</returns>
    public (string Path, IReadOnlyList<string> Links) Resolve(string name)
    {
        var links = new List<string>();
        var path = name.StartsWith(Releases, StringComparison.Ordinal) && !Has(name) ? BundlePath.Www + name[Releases.Length..] : name;
        while (links.Count <= content.Links.Count && LinkIn(path) is { } link)
        {
            links.Add(link);
            path = BundlePath.Follow(link, content.Links[link]) + path[link.Length..];
        }

        return (path, links);
    }

    private string? LinkIn(string path) => content.Links.Keys.FirstOrDefault(link => path == link || path.StartsWith($"{link}/", StringComparison.Ordinal));
}
