using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.InForce;

/// <summary>
/// <c>image-digests.json</c>: what our registry has under the names that nodes run from. A tag may be moved, also by somebody who
/// took the registry over; a digest stands for one content.
/// </summary>
/// <param name="Told">
/// By an image's whole name, as the description has it: the digests of its manifest, or of its list of manifests. The first is
/// the one that nodes are told; those that they were told before are still asked for by clusters that were installed with them.
/// </param>
internal sealed record ImageDigests(IReadOnlyDictionary<string, IReadOnlyList<string>> Told)
{
    public static readonly ImageDigests None = new(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));

    private const long Largest = 1 << 20;

    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What nodes are told of each name.</summary>
    public IReadOnlyDictionary<string, string> Current => Told.Where(image => image.Value.Count > 0)
        .ToDictionary(image => image.Key, image => image.Value[0], StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The file is broken.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImageDigests Read(Bsroot bsroot)
    {
        try
        {
            return Path.Exists(bsroot.ImageDigests) ? Parse(BoundedFile.ReadText(bsroot.ImageDigests, Largest)) : None;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{bsroot.ImageDigests} is broken: {e.Message}", e);
        }
    }

    private static ImageDigests Parse(string text)
    {
        var told = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string?>?>>(text, Wire);
        return told is not null && told.Values.All(digests => digests is not null && digests.All(IsDigest))
            ? new(told.ToDictionary(
                image => image.Key, IReadOnlyList<string> (image) => [.. image.Value!.OfType<string>()], StringComparer.Ordinal))
            : throw new JsonException("expected names with lists of sha256:…");
    }

    private static bool IsDigest(string? digest) => ImageReference.TryParse($"image@{digest}", out _);

    /// <summary>For who can do without: nodes are told tags then.</summary>
    public static ImageDigests ReadOrNone(Bsroot bsroot)
    {
        try
        {
            return Read(bsroot);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    /// <param name="found">What the registry has now, by name.</param>
    public ImageDigests With(IReadOnlyDictionary<string, string> found)
    {
        var told = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var name in Told.Keys.Union(found.Keys, StringComparer.Ordinal))
        {
            var before = Told.GetValueOrDefault(name) ?? [];
            told[name] = found.GetValueOrDefault(name) is { } now ? [now, .. before.Where(digest => digest != now)] : before;
        }

        return new ImageDigests(told);
    }

    /// <summary>Written only where it is another one: a snapshot is made of it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Bsroot bsroot)
    {
        var text = JsonSerializer.Serialize(Told, Wire) + "\n";
        if (!File.Exists(bsroot.ImageDigests) || File.ReadAllText(bsroot.ImageDigests) != text)
        {
            Bsroot.Write(bsroot.ImageDigests, text);
        }
    }
}
