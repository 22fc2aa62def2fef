using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bootstrapper.Registry;

/// <summary>
/// The images of an OCI layout. Of an image for several platforms, <c>docker save</c> and <c>ctr image export</c> write the whole
/// list and the content of one platform: no registry takes that list, so there is a shorter one in its place.
/// </summary>
/// <param name="Descriptors">What <c>index.json</c> lists, with the shorter lists.</param>
/// <param name="Made">The shorter lists, by digest.</param>
internal sealed record PlatformLists(JsonArray Descriptors, IReadOnlyDictionary<string, byte[]> Made)
{
    private static readonly string[] Kinds =
    [
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    /// <summary>Everything as the layout has it.</summary>
    public static PlatformLists Whole(JsonArray descriptors) =>
        new(descriptors, new Dictionary<string, byte[]>(StringComparer.Ordinal));

    public static bool IsList(JsonNode? descriptor) => Kinds.Contains((string?)descriptor?["mediaType"], StringComparer.Ordinal);

    /// <param name="isThere">Whether the layout has a file.</param>
    /// <param name="read">Gives a list by its file; <c>null</c> where it is not there, about which skopeo will complain.</param>
    /// <exception cref="InvalidDataException">A list is broken, or nothing is there of all that it names.</exception>
    public static PlatformLists Present(JsonArray descriptors, Func<string, bool> isThere, Func<string, byte[]?> read)
    {
        var made = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var present = descriptors.Select(descriptor =>
            IsList(descriptor) && read(FileOf(descriptor)) is { } list && Shorter(descriptor!, list, isThere) is { } shorter
                ? Replaced(descriptor!, shorter, made)
                : descriptor!.DeepClone());
        return new PlatformLists([.. present], made);
    }

    /// <returns><c>null</c> where nothing is missing.</returns>
    private static byte[]? Shorter(JsonNode descriptor, byte[] list, Func<string, bool> isThere)
    {
        var (document, manifests) = Parse(descriptor, list);
        var there = manifests.Where(manifest => isThere(FileOf(manifest))).ToList();
        if (there.Count == manifests.Count)
        {
            return null;
        }

        if (there.Count == 0)
        {
            throw new InvalidDataException(
                $"it has the list {(string?)descriptor["digest"]} of {manifests.Count} platforms, and the content of none");
        }

        document["manifests"] = new JsonArray([.. there.Select(manifest => manifest!.DeepClone())]);
        return JsonSerializer.SerializeToUtf8Bytes(document, JsonSerializerOptions.Default);
    }

    private static (JsonObject Document, JsonArray Manifests) Parse(JsonNode descriptor, byte[] list)
    {
        try
        {
            return JsonNode.Parse(list) is JsonObject document && document["manifests"] is JsonArray manifests
                && manifests.All(manifest => (string?)manifest?["digest"] is not null)
                ? (document, manifests)
                : throw new InvalidDataException($"its list {(string?)descriptor["digest"]} names no manifests by digest");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"its list {(string?)descriptor["digest"]} is broken: {e.Message}", e);
        }
    }

    private static JsonNode Replaced(JsonNode descriptor, byte[] list, Dictionary<string, byte[]> made)
    {
        var digest = Manifest.DigestOf(list);
        made[digest] = list;
        var copy = descriptor.DeepClone();
        (copy["digest"], copy["size"]) = (digest, list.Length);
        return copy;
    }

    private static string FileOf(JsonNode? descriptor) => OciLayout.BlobOf((string)descriptor!["digest"]!);
}
