using System.Text.Json;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Registry;

/// <summary>
/// What <c>docker save</c> and <c>podman save</c> write: several images and several names of each in one tar file.
/// </summary>
internal sealed partial record DockerArchive(string Path, IReadOnlyList<ArchivedImage> Images) : ImageArchive(Path, Images)
{
    public const string Contents = "manifest.json";

    private const string Link = "archive.tar";

    /// <summary>Its layers are not compressed, and what is pushed is.</summary>
    public override bool HasManifests => false;

    /// <param name="contents">Its file <see cref="Contents"/>.</param>
    public static DockerArchive Open(string path, ReadOnlySpan<byte> contents)
    {
        try
        {
            var entries = JsonSerializer.Deserialize<IReadOnlyList<Entry>>(contents) ?? [];
            return new DockerArchive(path, [.. entries.SelectMany((entry, index) =>
                Names(entry).Select(name => new ArchivedImage(name, Tag: null, DigestOf(entry), index)))]);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"its {Contents} is broken: {e.Message}", e);
        }
    }

    /// <remarks>skopeo 1.9 stumbles over compressed ones, and takes a colon in a file's name for the end of it.</remarks>
    public override async Task<Func<ArchivedImage, string>> UnpackAsync(string scratch, CancellationToken cancellation)
    {
        var plain = System.IO.Path.Combine(scratch, Link);
        if (TarFiles.IsCompressed(Path))
        {
            await TarFiles.DecompressAsync(Path, plain, cancellation);
        }
        else
        {
            File.CreateSymbolicLink(plain, Path);
        }

        return image => $"docker-archive:{plain}:@{image.Index}";
    }

    private static IEnumerable<ImageReference?> Names(Entry entry) =>
        entry.RepoTags is { Count: > 0 } tags ? tags.Select(ImageReference? (tag) => ImageReference.Parse(tag)) : [null];

    /// <summary>Docker names the configuration by its digest: <c>HEX.json</c>, or <c>blobs/sha256/HEX</c>.</summary>
    private static string DigestOf(Entry entry) => Hexadecimal().Match(entry.Config ?? "") is { Success: true, Value: var digits }
        ? $"sha256:{digits}"
        : throw new FormatException($"it names a configuration '{entry.Config}', and not by its digest");

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hexadecimal();

    private sealed record Entry(string? Config, IReadOnlyList<string>? RepoTags);
}
