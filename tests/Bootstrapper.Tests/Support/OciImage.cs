using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// Container images made by hand, as directories (OCI image-spec, "Image Layout"), so that a test needs no network: one layer
/// with one file in it.
/// </summary>
internal static class OciImage
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Writes an OCI layout with one image.</summary>
    /// <param name="name">Of the image; <c>null</c> for a layout that does not say.</param>
    /// <returns>The manifest's digest.</returns>
    public static string WriteLayout(string directory, string? name, byte[] content, string mediaType = OciManifest)
    {
        var manifest = WriteManifest(directory, content, mediaType);
        WriteIndex(directory, name, manifest);
        return (string)manifest["digest"]!;
    }

    /// <summary>The same with an image for each of two platforms, and a list of both.</summary>
    public static string WriteLayoutOfTwo(string directory, string? name, byte[] amd64, byte[] arm64)
    {
        var manifests = new JsonArray(
            For("amd64", WriteManifest(directory, amd64, OciManifest)),
            For("arm64", WriteManifest(directory, arm64, OciManifest)));
        const string Index = "application/vnd.oci.image.index.v1+json";
        var list = Put(
            directory,
            Index,
            new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = manifests });
        WriteIndex(directory, name, list);
        return (string)list["digest"]!;
    }

    /// <summary>Leaves the list of <see cref="WriteLayoutOfTwo"/> as it is, and takes one image out.</summary>
    public static void RemoveManifest(string directory, string architecture)
    {
        var list = JsonNode.Parse(File.ReadAllText(BlobIn(directory, DigestIn(directory))))!;
        var manifest = list["manifests"]!.AsArray().Single(manifest =>
            (string?)manifest!["platform"]!["architecture"] == architecture)!;
        File.Delete(BlobIn(directory, (string)manifest["digest"]!));
    }

    private static string BlobIn(string directory, string digest) =>
        Path.Combine(directory, "blobs", "sha256", digest["sha256:".Length..]);

    /// <summary>The name by which a registry knows the one image in the directory.</summary>
    public static string DigestIn(string directory) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "index.json")))!["manifests"]![0]!["digest"]!;

    private static JsonObject For(string architecture, JsonObject manifest)
    {
        manifest["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
        return manifest;
    }

    private static void WriteIndex(string directory, string? name, JsonObject descriptor)
    {
        if (name is not null)
        {
            descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name };
        }

        File.WriteAllText(Path.Combine(directory, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(
            Path.Combine(directory, "index.json"),
            new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(descriptor) }.ToJsonString());
    }

    private static JsonObject WriteManifest(string directory, byte[] content, string mediaType)
    {
        var docker = mediaType == DockerManifest;
        var layer = Tar(content);
        var config = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(layer)) },
        };
        return Put(directory, mediaType, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = Put(
                directory,
                docker ? "application/vnd.docker.container.image.v1+json" : "application/vnd.oci.image.config.v1+json",
                config),
            ["layers"] = new JsonArray(Put(
                directory,
                docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip",
                Gzip(layer))),
        });
    }

    private static byte[] Tar(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "hello")
            {
                DataStream = new MemoryStream(content),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    private static JsonObject Put(string directory, string mediaType, JsonObject content) =>
        Put(directory, mediaType, Encoding.UTF8.GetBytes(content.ToJsonString(JsonSerializerOptions.Default)));

    private static JsonObject Put(string directory, string mediaType, byte[] content)
    {
        var digest = Digest(content);
        var blobs = Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, digest["sha256:".Length..]), content);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
