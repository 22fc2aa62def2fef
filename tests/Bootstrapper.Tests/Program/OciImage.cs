using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bootstrapper.Tests.Program;

/// <summary>A container image made by hand, as a directory (OCI image-spec, "Image Layout"): one layer with one file in it.</summary>
internal static class OciImage
{
    public static void Write(string directory)
    {
        var tar = Tar();
        var layer = Blob(directory, "application/vnd.oci.image.layer.v1.tar+gzip", Gzip(tar));
        var config = Blob(directory, "application/vnd.oci.image.config.v1+json", new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar)) },
        });
        var manifest = Blob(directory, "application/vnd.oci.image.manifest.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = config,
            ["layers"] = new JsonArray(layer),
        });
        File.WriteAllText(Path.Combine(directory, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifest) }.ToJsonString());
        File.WriteAllText(Path.Combine(directory, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    /// <summary>The name by which a registry knows the one image in the directory.</summary>
    public static string DigestIn(string directory) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "index.json")))!["manifests"]![0]!["digest"]!.GetValue<string>();

    private static JsonObject Blob(string directory, string mediaType, JsonObject content) =>
        Blob(directory, mediaType, JsonSerializer.SerializeToUtf8Bytes(content));

    private static JsonObject Blob(string directory, string mediaType, byte[] content)
    {
        var digest = Digest(content);
        var blobs = Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256"));
        File.WriteAllBytes(Path.Combine(blobs.FullName, digest.Split(':')[1]), content);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static byte[] Tar()
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "greeting") { DataStream = new MemoryStream("from the rack\n"u8.ToArray()) });
        }

        return buffer.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return buffer.ToArray();
    }
}
