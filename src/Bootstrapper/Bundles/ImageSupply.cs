using Bootstrapper.Cluster;
using Bootstrapper.Registry;

namespace Bootstrapper.Bundles;

/// <summary>
/// Which container images a bundle's archives hold, under the names that our registry will give them, and in which files each one
/// is.
/// </summary>
internal sealed class ImageSupply
{
    private readonly IContent _content;
    private readonly Dictionary<string, IReadOnlyList<string>> _images = new(StringComparer.Ordinal);

    private ImageSupply(IContent content) => _content = content;

    public IEnumerable<string> Names => _images.Keys;

    /// <summary>What is wrong with archives, one line each.</summary>
    public List<string> Problems { get; } = [];

    /// <param name="registry">Ours: name and port.</param>
    public static ImageSupply Of(IContent content, string registry)
    {
        var supply = new ImageSupply(content);
        foreach (var path in ImageFiles.Among(content.Files))
        {
            try
            {
                supply.Add(path, registry);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                supply.Problems.Add($"{path}: {e.Message}");
            }
        }

        return supply;
    }

    /// <returns><c>null</c> where no archive has the image.</returns>
    public IReadOnlyList<string>? FilesOf(string image) => _images.GetValueOrDefault($"{ByDigest(ImageReference.Parse(image))}");

    /// <summary>Where there is a digest, no tag says what an image is.</summary>
    private static ImageReference ByDigest(ImageReference image) => image.Digest is null ? image : image with { Tag = null };

    private void Add(string path, string registry)
    {
        if (!_content.Files.Contains($"{path}/{OciLayout.Marker}", StringComparer.Ordinal))
        {
            using var stream = _content.Open(path);
            AddAll(stream is null ? [] : PreloadPlan.ItemsOf(ImageArchive.Of(path, stream), registry), _ => [path]);
        }
        else if (_content.ReadBytes($"{path}/{OciLayout.Contents}") is { } index)
        {
            AddAll(PreloadPlan.ItemsOf(new OciLayout(path, PlatformLists.Whole(OciLayout.DescriptorsOf(index))), registry),
                item => [$"{path}/{OciLayout.Marker}", $"{path}/{OciLayout.Contents}", .. Blobs(path, item.Image.Digest)]);
        }
    }

    private void AddAll(IEnumerable<PreloadItem> items, Func<PreloadItem, IReadOnlyList<string>> filesOf)
    {
        foreach (var item in items)
        {
            _images.TryAdd($"{item.Target}", filesOf(item));
            if (item.Archive.HasManifests)
            {
                _images.TryAdd($"{ByDigest(item.Target with { Digest = item.Image.Digest })}", filesOf(item));
            }
        }
    }

    /// <summary>A manifest, and all blobs that it leads to; of several platforms, those of which there is something.</summary>
    private IEnumerable<string> Blobs(string layout, string manifest)
    {
        var path = PathOf(layout, manifest);
        if (_content.ReadBytes(path) is not { } json)
        {
            return [path];
        }

        var read = Manifest.Parse(json);
        var there = read.Manifests
            .Where(other => _content.Files.Contains(PathOf(layout, other), StringComparer.Ordinal)).ToList();
        return
        [
            path,
            .. read.References.Except(read.Manifests, StringComparer.Ordinal).Select(blob => PathOf(layout, blob)),
            .. (there.Count > 0 ? there : read.Manifests).SelectMany(other => Blobs(layout, other)),
        ];
    }

    private static string PathOf(string layout, string digest) => $"{layout}/blobs/{digest.Replace(':', '/')}";
}
