using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;

namespace Bootstrapper.Registry;

/// <summary>
/// A directory as the OCI image specification lays it out: <c>oci-layout</c>, <c>index.json</c>, <c>blobs/sha256/…</c>.
/// </summary>
internal sealed record OciLayout(string Path, PlatformLists Lists)
    : ImageArchive(Path, [.. Lists.Descriptors.Select((descriptor, index) => Image(descriptor!, index))])
{
    public JsonArray Descriptors => Lists.Descriptors;

    public const string Contents = "index.json";

    public const string Marker = "oci-layout";

    public const string MarkerText = """{"imageLayoutVersion":"1.0.0"}""";

    /// <summary>The name of an image, or only its tag: the specification leaves it open.</summary>
    public const string NameAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>The whole name, where containerd wrote the layout.</summary>
    private const string FullNameAnnotation = "io.containerd.image.name";

    public override bool HasManifests => true;

    public static OciLayout Open(string directory)
    {
        var contents = System.IO.Path.Combine(directory, Contents);
        return File.Exists(contents)
            ? new OciLayout(directory, PresentIn(directory, DescriptorsOf(File.ReadAllBytes(contents))))
            : throw new InvalidDataException($"not an OCI image layout: it has no {Contents}");
    }

    /// <summary>Where the specification has the blob of a digest, in the layout.</summary>
    public static string BlobOf(string digest) => $"blobs/{digest.Replace(':', '/')}";

    private static PlatformLists PresentIn(string directory, JsonArray descriptors) => PlatformLists.Present(
        descriptors,
        file => File.Exists(System.IO.Path.Combine(directory, file)),
        file => System.IO.Path.Combine(directory, file) is var blob && File.Exists(blob) ? File.ReadAllBytes(blob) : null);

    /// <param name="index">The file <see cref="Contents"/>.</param>
    public static JsonArray DescriptorsOf(ReadOnlySpan<byte> index)
    {
        try
        {
            var descriptors = JsonNode.Parse(index)?["manifests"] as JsonArray ?? [];
            return descriptors.All(IsSound)
                ? descriptors
                : throw new InvalidDataException(
                    $"its {Contents} is broken: a descriptor has no digest, or annotations that are not text");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"its {Contents} is broken: {e.Message}", e);
        }
    }

    private static bool IsSound(JsonNode? descriptor) => IsText(descriptor?["digest"])
        && (descriptor!["annotations"] is null
            || (descriptor["annotations"] is JsonObject annotations && annotations.All(annotation => IsText(annotation.Value))));

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    /// <remarks>
    /// skopeo 1.9 finds an image by its name only where the manifest is OCI's, and not Docker's; so each image is shown to it
    /// as the only one of a layout.
    /// </remarks>
    public override async Task<Func<ArchivedImage, string>> UnpackAsync(string scratch, CancellationToken cancellation)
    {
        foreach (var image in Images)
        {
            var alone = Directory.CreateDirectory(Alone(scratch, image)).FullName;
            await File.WriteAllTextAsync(System.IO.Path.Combine(alone, Marker), MarkerText, cancellation);
            await File.WriteAllTextAsync(
                System.IO.Path.Combine(alone, Contents), IndexOf([Unnamed(Descriptors[image.Index]!)]), cancellation);
            LinkBlobs(alone, image.Digest);
        }

        return image => $"oci:{Alone(scratch, image)}";
    }

    /// <summary>A shorter list lies beside the blobs of the layout, which may be the operator's own.</summary>
    private void LinkBlobs(string alone, string digest)
    {
        var blobs = System.IO.Path.Combine(Path, "blobs");
        if (!Lists.Made.TryGetValue(digest, out var list))
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(alone, "blobs"), blobs);
            return;
        }

        foreach (var blob in Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories))
        {
            var link = System.IO.Path.Combine(alone, "blobs", System.IO.Path.GetRelativePath(blobs, blob));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, blob);
        }

        File.WriteAllBytes(System.IO.Path.Combine(alone, BlobOf(digest)), list);
    }

    /// <summary>The file <see cref="Contents"/>.</summary>
    public static string IndexOf(JsonArray descriptors) =>
        new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = descriptors,
        }.ToJsonString(Indented);

    public static string? NameIn(JsonNode descriptor, string annotation) => (string?)descriptor["annotations"]?[annotation];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Alone(string scratch, ArchivedImage image) => System.IO.Path.Combine(scratch, $"{image.Index}");

    private static JsonNode Unnamed(JsonNode descriptor)
    {
        var copy = descriptor.DeepClone();
        copy.AsObject().Remove("annotations");
        return copy;
    }

    private static ArchivedImage Image(JsonNode descriptor, int index)
    {
        var name = NameIn(descriptor, FullNameAnnotation) ?? NameIn(descriptor, NameAnnotation) ?? "";
        var isFull = name.AsSpan().ContainsAny('/', ':') && ImageReference.TryParse(name, out _);
        return new ArchivedImage(
            isFull ? ImageReference.Parse(name) : null, name.Length == 0 ? null : name, (string)descriptor["digest"]!, index);
    }
}
