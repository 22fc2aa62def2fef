using System.Security.Cryptography;
using System.Text.Json;

namespace Bootstrapper.Registry;

/// <summary>
/// An image's manifest, or the list of an image's manifests for several platforms: by digest, what it leads to.
/// </summary>
/// <param name="Config">Of the image's configuration, by which Docker knows the image; <c>null</c> for a list.</param>
/// <param name="Layers">Of a list: none.</param>
/// <param name="Manifests">Of a list: those of the platforms.</param>
internal sealed record Manifest(
    string Digest, string MediaType, string? Config, IReadOnlyList<string> Layers, IReadOnlyList<string> Manifests)
{
    /// <summary>The four kinds there are, as the header <c>Accept</c> takes them.</summary>
    public const string MediaTypes =
        "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, " +
        "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>The blobs that must lie beside it.</summary>
    public IEnumerable<string> References => [.. Config is null ? [] : new[] { Config }, .. Layers, .. Manifests];

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var wire = JsonSerializer.Deserialize<Wire>(json, JsonSerializerOptions.Web);
            return new Manifest(
                DigestOf(json), MediaTypeOf(wire), wire?.Config?.Digest, Digests(wire?.Layers), Digests(wire?.Manifests));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a manifest is not JSON: {e.Message}", e);
        }
    }

    /// <summary>OCI's manifests need not say what they are; Docker's do.</summary>
    private static string MediaTypeOf(Wire? wire) =>
        wire?.MediaType ?? (wire?.Manifests is null
            ? "application/vnd.oci.image.manifest.v1+json"
            : "application/vnd.oci.image.index.v1+json");

    /// <summary>As registries write it: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static IReadOnlyList<string> Digests(IReadOnlyList<Descriptor>? descriptors) =>
        [.. descriptors?.Select(descriptor => descriptor.Digest).OfType<string>() ?? []];

    private sealed record Wire(
        string? MediaType, Descriptor? Config, IReadOnlyList<Descriptor>? Layers, IReadOnlyList<Descriptor>? Manifests);

    private sealed record Descriptor(string? Digest);
}
