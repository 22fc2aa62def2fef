using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bootstrapper.Bundles;

/// <summary>
/// <c>manifest.json</c>, the first file of a bundle: what belongs to it, with digests, sorted by name. Who signs it signs them
/// all.
/// </summary>
/// <param name="Format">Of this file; <see cref="Known"/> is the only one so far.</param>
/// <param name="Program">Name and version of the program that made it.</param>
/// <param name="MadeBy">User and host.</param>
/// <param name="Description">SHA-256 of <c>cluster-desc.yml</c>, in hexadecimal.</param>
/// <param name="Nodes">
/// Host names of the machines that are installed from it: who misses what, when that file itself is missing.
/// </param>
/// <param name="Base">The bundle that holds what this one leaves out; <c>null</c> where this one is complete.</param>
/// <param name="Files">All that belong to it, also those that only the base holds.</param>
internal sealed record BundleManifest(
    int Format,
    string Program,
    string MadeBy,
    string Description,
    IReadOnlyList<string> Nodes,
    BundleBase? Base,
    IReadOnlyList<BundleFile> Files,
    IReadOnlyList<BundleLink> Links)
{
    public const int Known = 1;

    /// <summary>Our own is some hundred bytes for each file.</summary>
    public const int LargestBytes = 256 << 20;

    internal static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Wire), (byte)'\n'];

    /// <summary>By this an increment names its base: SHA-256 of the manifest, in hexadecimal.</summary>
    public string Identity() => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <exception cref="InvalidDataException">It is none, or names what a bundle must not hold.</exception>
    public static BundleManifest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<BundleManifest>(json, Wire) ?? throw new JsonException("it is empty");
            return manifest.Objection() is { } objection
                ? throw new InvalidDataException($"{BundlePath.Manifest}: {objection}")
                : manifest;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{BundlePath.Manifest} is broken: {e.Message}", e);
        }
    }

    private string? Objection()
    {
        var wrong = Files.Select(file => file.Path).Where(path => !BundlePath.IsAllowed(path))
            .Concat(Links.Where(link => !BundlePath.IsAllowedLink(link.Path, link.Target))
                .Select(link => $"{link.Path} -> {link.Target}")).FirstOrDefault();
        return Format != Known ? $"its format is {Format}, and this program knows {Known}"
            : wrong is not null ? $"{wrong} is not allowed in a bundle: a bundle writes nothing there"
            : Through(Links.Select(link => link.Path).ToHashSet(StringComparer.Ordinal)) ?? Twice();
    }

    /// <summary>
    /// A file below a link would be written to wherever the link leads, and a link through a link leads to wherever that one
    /// does.
    /// </summary>
    private string? Through(IReadOnlySet<string> links) =>
        Files.Select(file => (file.Path, Ways: BundlePath.Parents(file.Path)))
            .Concat(Links.Select(link => (
                link.Path, Ways: BundlePath.Parents(link.Path).Concat(BundlePath.Through(link.Path, link.Target)))))
            .Select(member => (member.Path, Link: member.Ways.FirstOrDefault(links.Contains)))
            .FirstOrDefault(member => member.Link is not null) is (var path, { } link)
                ? $"{path} goes through the link {link}"
                : null;

    private string? Twice() =>
        Files.Select(file => file.Path).Concat(Links.Select(link => link.Path)).GroupBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault(paths => paths.Count() > 1) is { } twice
            ? $"it has {twice.Key} twice"
            : null;
}

/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal.</param>
/// <param name="InBase">Whether the base holds it, and this bundle does not.</param>
internal sealed record BundleFile(
    string Path,
    long Size,
    string Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool InBase = false);

/// <param name="Target">As the symbolic link holds it: relative, and within the same tree.</param>
internal sealed record BundleLink(string Path, string Target);

/// <param name="Identity">See <see cref="BundleManifest.Identity"/>.</param>
/// <param name="Name">Of its file when this one was made.</param>
internal sealed record BundleBase(string Identity, string Name);
