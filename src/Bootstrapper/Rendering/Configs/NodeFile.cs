using System.Buffers.Binary;
using System.IO.Compression;

namespace Bootstrapper.Rendering.Configs;

/// <summary>A file that is written whole, over whatever is there.</summary>
/// <param name="Path">Absolute, and without <c>.</c>, <c>..</c> or a slash too many.</param>
/// <param name="Mode">Permission bits, at most 0777.</param>
/// <param name="Owner"><c>null</c> for root.</param>
/// <param name="Content">As <paramref name="Encoding"/> says; text, or base64 on one line.</param>
internal sealed record NodeFile(
    string Path, int Mode, FileOwner? Owner, string Content, ContentEncoding Encoding = ContentEncoding.Text)
{
    /// <summary>What is in the file in the end.</summary>
    /// <exception cref="FormatException">The content is not base64.</exception>
    /// <exception cref="InvalidDataException">What is in the base64 is not gzip.</exception>
    public byte[] Bytes() => Encoding switch
    {
        ContentEncoding.Text => System.Text.Encoding.UTF8.GetBytes(Content),
        ContentEncoding.Base64 => Convert.FromBase64String(Content),
        _ => Unzipped(Convert.FromBase64String(Content)),
    };

    /// <summary>.NET takes what is cut off for the whole; then the length at the end (RFC 1952, 2.3.1) is none.</summary>
    private static byte[] Unzipped(byte[] packed)
    {
        using var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return packed.Length >= ShortestGzip && BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(^4..)) <= plain.Length
            ? plain.ToArray()
            : throw new InvalidDataException("cut off");
    }

    /// <summary>Head and end.</summary>
    private const int ShortestGzip = 18;
}

/// <summary>User and group, by name or by number.</summary>
/// <param name="Group"><c>null</c> for root's.</param>
internal sealed record FileOwner(string User, string? Group)
{
    public override string ToString() => Group is null ? User : $"{User}:{Group}";
}

internal enum ContentEncoding
{
    Text,
    Base64,

    /// <summary>Base64 of what gzip made.</summary>
    GzipBase64,

    /// <summary>What gzip made, as it is. Only as it is read: what is no text is kept in base64.</summary>
    Gzip,
}
