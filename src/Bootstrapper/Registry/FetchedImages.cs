using System.Text.Json.Nodes;

namespace Bootstrapper.Registry;

/// <summary>
/// <c>images/upstream</c>: one OCI layout for all fetched images. Blobs that images share are there once, a manifest stays as
/// its registry had it, and any tool that knows OCI layouts can read it.
/// </summary>
/// <remarks>
/// skopeo cannot write this by itself: it makes OCI's manifests of Docker's, which changes their digests, and copies at the
/// same time would lose each other's lines of the index.
/// </remarks>
internal sealed class FetchedImages(Bsroot bsroot)
{
    private readonly string _blobs = Path.Combine(bsroot.FetchedImages, "blobs", "sha256");

    /// <summary>Whether the image is there whole. Digests were checked when it came; here only that no file is missing.</summary>
    public bool Has(string reference, string digest) =>
        Descriptors().Any(descriptor =>
            OciLayout.NameIn(descriptor!, OciLayout.NameAnnotation) == reference && (string?)descriptor!["digest"] == digest)
        && Reachable(digest).All(blob => File.Exists(PathOf(blob)));

    /// <summary>
    /// Takes an image over. When it returns, the image survives a power cut; until then the index does not name it.
    /// </summary>
    /// <param name="directory">As skopeo's <c>dir:</c> writes it. Nothing is left of it.</param>
    /// <returns>The digest of its manifest.</returns>
    /// <remarks>Not to be called twice at a time: it reads the index and writes it again.</remarks>
    public string Add(string reference, string directory)
    {
        var manifest = File.ReadAllBytes(Path.Combine(directory, "manifest.json"));
        foreach (var file in Directory.EnumerateFiles(directory)
            .Where(file => Path.GetFileName(file) is not ("manifest.json" or "version")))
        {
            Bsroot.MoveIn(file, Path.Combine(_blobs, Path.GetFileName(file).Split('.')[0])); // HEX, or HEX.manifest.json
        }

        var digest = Manifest.DigestOf(manifest);
        Bsroot.Write(PathOf(digest), manifest);
        Directory.Delete(directory, recursive: true);
        WriteIndex([.. Descriptors().Where(other => OciLayout.NameIn(other!, OciLayout.NameAnnotation) != reference)
            .Append(Descriptor(reference, digest, manifest))]);
        return digest;
    }

    /// <summary>Takes away what no image needs any more, after newer ones took the place of others.</summary>
    public void RemoveUnreachable()
    {
        var needed = Descriptors().SelectMany(descriptor => Reachable((string)descriptor!["digest"]!))
            .Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var blob in Directory.Exists(_blobs)
            ? Directory.EnumerateFiles(_blobs).Where(blob => !needed.Contains(blob))
            : [])
        {
            File.Delete(blob);
        }
    }

    private void WriteIndex(IEnumerable<JsonNode?> descriptors)
    {
        Bsroot.Write(
            Path.Combine(bsroot.FetchedImages, OciLayout.Contents),
            OciLayout.IndexOf([.. descriptors.Select(descriptor => descriptor!.DeepClone())]) + "\n");
        Bsroot.Write(Path.Combine(bsroot.FetchedImages, OciLayout.Marker), OciLayout.MarkerText);
    }

    private JsonArray Descriptors() =>
        Directory.Exists(bsroot.FetchedImages) && File.Exists(Path.Combine(bsroot.FetchedImages, OciLayout.Contents))
            ? OciLayout.Open(bsroot.FetchedImages).Descriptors
            : [];

    /// <summary>The blob itself and all that it leads to.</summary>
    private IEnumerable<string> Reachable(string manifest)
    {
        if (!File.Exists(PathOf(manifest)))
        {
            return [manifest];
        }

        var read = Manifest.Parse(File.ReadAllBytes(PathOf(manifest)));
        return [manifest, .. read.References, .. read.Manifests.SelectMany(Reachable)];
    }

    private string PathOf(string digest) => Path.Combine(_blobs, digest["sha256:".Length..]);

    private static JsonObject Descriptor(string reference, string digest, byte[] manifest) => new()
    {
        ["mediaType"] = Manifest.Parse(manifest).MediaType,
        ["digest"] = digest,
        ["size"] = manifest.Length,
        ["annotations"] = new JsonObject { [OciLayout.NameAnnotation] = reference },
    };
}
