using System.Text.Json;
using System.Text.Json.Serialization;
using Bootstrapper.Bundles;

namespace Bootstrapper.Backups;

/// <summary>
/// <c>manifest.json</c>, the last file of a backup: what is in it, with digests. It is written behind what it tells of, which
/// is read once; who finds none knows that the end is missing.
/// </summary>
/// <param name="Files">By path.</param>
/// <param name="Directories">By path; the first is the data root itself, whose path is empty.</param>
/// <param name="Missing">What was left out that does not come back by itself.</param>
internal sealed record BackupManifest(
    IReadOnlyList<BackupFile> Files, IReadOnlyList<BackupDirectory> Directories, IReadOnlyList<BackupOmission> Missing)
{
    public const string Name = "manifest.json";

    public byte[] ToJson() => BackupJson.Write(this);

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static BackupManifest Read(Stream content) =>
        BackupJson.Read<BackupManifest>(content, Name, BundleManifest.LargestBytes);
}

/// <param name="Path">In the data root, with forward slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal.</param>
internal sealed record BackupFile(string Path, long Size, string Sha256, BackupOwner Owner);

internal sealed record BackupDirectory(string Path, BackupOwner Owner);

/// <param name="User">By number.</param>
/// <param name="Mode">In octal, such as <c>600</c>.</param>
internal sealed record BackupOwner(uint User, uint Group, string Mode)
{
    /// <summary>No other bit is wanted of a file in a data root, nor is one taken from an archive.</summary>
    public const UnixFileMode Known = (UnixFileMode)0x1FF; // rwxrwxrwx

    /// <summary>Whether the mode is one.</summary>
    [JsonIgnore]
    public bool IsSound => Mode.Length is > 0 and <= 3 && Mode.All(digit => digit is >= '0' and <= '7');

    [JsonIgnore]
    public UnixFileMode Permissions => (UnixFileMode)Convert.ToInt32(Mode, 8) & Known;

    public static BackupOwner Of(uint user, uint group, UnixFileMode mode) =>
        new(user, group, Convert.ToString((int)(mode & Known), 8));
}

/// <param name="Again">How it comes back.</param>
internal sealed record BackupOmission(string Path, string What, string Again);

internal static class BackupJson
{
    public static byte[] Write<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, BundleManifest.Wire), (byte)'\n'];

    /// <exception cref="InvalidDataException">It is not what it is named.</exception>
    public static T Read<T>(Stream content, string name, int largest)
    {
        if (content.Length > largest)
        {
            throw new InvalidDataException($"{name} is too large: expected at most {largest} bytes");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(content, BundleManifest.Wire) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name} is broken: {e.Message}", e);
        }
    }
}
