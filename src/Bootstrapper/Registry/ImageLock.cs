using System.Text.Json;
using Bootstrapper.Host;

namespace Bootstrapper.Registry;

/// <summary>
/// <c>images/images.lock.json</c>: which image each name stood for when it was fetched. What is locked is fetched again as it
/// was, here or elsewhere, until somebody asks for newer ones.
/// </summary>
internal sealed record ImageLock(IReadOnlyList<LockedImage> Locked)
{
    /// <summary>In bytes: some thousands of images.</summary>
    private const long Largest = 1 << 20;

    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static ImageLock Read(Bsroot bsroot)
    {
        try
        {
            return Path.Exists(bsroot.ImageLock)
                && JsonSerializer.Deserialize<ImageLock>(BoundedFile.ReadText(bsroot.ImageLock, Largest), Wire) is { } known
                    ? known
                    : new ImageLock([]);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{bsroot.ImageLock}: {e.Message}", e);
        }
    }

    public LockedImage? Find(string reference, string architecture) =>
        Locked.FirstOrDefault(image => image.Reference == reference && image.Architecture == architecture);

    /// <summary>Takes the place of what was locked under the same name.</summary>
    public ImageLock With(LockedImage image) =>
        new([.. Locked.Where(other => other.Reference != image.Reference).Append(image).OrderBy(
            other => other.Reference, StringComparer.Ordinal)]);

    public void Write(Bsroot bsroot) => Bsroot.Write(bsroot.ImageLock, JsonSerializer.Serialize(this, Wire) + "\n");
}

/// <param name="Reference">The whole name by which nodes ask for it.</param>
/// <param name="Digest">What the name stood for in its registry: a manifest, or a list of manifests.</param>
/// <param name="Manifest">
/// What was fetched of that: the manifest of one architecture, or the same as <paramref name="Digest"/>.
/// </param>
/// <param name="Archive">Where it is, under <c>images/</c>.</param>
internal sealed record LockedImage(string Reference, string Digest, string Manifest, string Architecture, string Archive);
