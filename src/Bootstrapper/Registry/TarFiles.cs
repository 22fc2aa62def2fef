using System.Formats.Tar;
using System.IO.Compression;

namespace Bootstrapper.Registry;

/// <summary>Tar files, plain or compressed with gzip, whatever their names end in.</summary>
internal static class TarFiles
{
    /// <summary>What tells the names of images is a few kilobytes; what is larger is something else.</summary>
    private const long LargestText = 4 << 20;

    public static bool IsCompressed(string path)
    {
        using var file = File.OpenRead(path);
        return IsCompressed(file);
    }

    /// <summary>The content of those of <paramref name="names"/> that are in the archive.</summary>
    /// <param name="file">Can be sought in; is read from its beginning, and left open.</param>
    /// <exception cref="InvalidDataException">It is not a tar file, or it is cut off.</exception>
    public static TarContents Read(Stream file, IReadOnlySet<string> names)
    {
        try
        {
            file.Position = 0;
            using var unpacked = IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
            using var tar = new TarReader(unpacked ?? file, leaveOpen: true);
            return Read(tar, names);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException)
        {
            throw new InvalidDataException(
                OtherCompression(file) is { } program
                    ? $"it is compressed with {program}, and only gzip is read: unpack it with {program} -d"
                    : "it is not a tar file, or is cut off",
                e);
        }
    }

    public static async Task ExtractAsync(string path, string directory, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        await using var content = Open(path);
        await TarFile.ExtractToDirectoryAsync(content, directory, overwriteFiles: true, cancellation);
    }

    public static async Task DecompressAsync(string path, string to, CancellationToken cancellation)
    {
        await using var content = Open(path);
        await using var plain = File.Create(to);
        await content.CopyToAsync(plain, cancellation);
    }

    private static TarContents Read(TarReader tar, IReadOnlySet<string> names)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            all.Add(name);
            if (names.Contains(name) && entry is { DataStream: { } data, Length: <= LargestText })
            {
                var text = new byte[entry.Length];
                data.ReadExactly(text);
                found[name] = text;
            }
        }

        return new TarContents(found, all);
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        return IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <returns>The program that compresses so; <c>null</c> for none that is known.</returns>
    private static string? OtherCompression(Stream file)
    {
        Span<byte> start = stackalloc byte[4];
        file.Position = 0;
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length ? null : start switch
        {
            [0xfd, (byte)'7', (byte)'z', (byte)'X'] => "xz",
            [0x28, 0xb5, 0x2f, 0xfd] => "zstd",
            [0x04, 0x22, 0x4d, 0x18] => "lz4",
            [(byte)'B', (byte)'Z', (byte)'h', _] => "bzip2",
            _ => null,
        };
    }

    /// <summary>RFC 1952, 2.3.1. Leaves the file at its beginning.</summary>
    private static bool IsCompressed(Stream file)
    {
        var isCompressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isCompressed;
    }
}

/// <summary>What was read of a tar file.</summary>
/// <param name="Texts">Small files, by name.</param>
/// <param name="Names">Of all files, without <c>./</c>.</param>
internal sealed record TarContents(IReadOnlyDictionary<string, byte[]> Texts, IReadOnlySet<string> Names);
