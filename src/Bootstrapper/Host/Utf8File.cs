using System.Text;

namespace Bootstrapper.Host;

/// <summary>
/// Reads text, which is UTF-8, with a byte order mark before it or without. Where .NET would write � for what it cannot read,
/// and machines would get that, the operator is told of the place; so too where a mark says that it is UTF-16.
/// </summary>
internal static class Utf8File
{
    /// <summary>What .NET calls "access denied", as if to be root would help.</summary>
    internal const string IsDirectory =
        "is a directory: expected a file (docker makes a directory where the file that -v names is missing)";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="most">In bytes: a pipe, and a device, may have no end.</param>
    /// <exception cref="NotUtf8Exception">It is written in another encoding.</exception>
    /// <exception cref="IOException">It cannot be read, or is larger.</exception>
    public static string Read(string path, long most = int.MaxValue)
    {
        var octets = Directory.Exists(path) ? throw new IOException($"{path} {IsDirectory}") : Octets(path, most);
        try
        {
            return Strict.GetString(octets.AsSpan().StartsWith(Encoding.UTF8.Preamble)
                ? octets.AsSpan(Encoding.UTF8.Preamble.Length)
                : octets);
        }
        catch (DecoderFallbackException)
        {
            throw NotUtf8Exception.In(path, octets);
        }
    }

    private static byte[] Octets(string path, long most)
    {
        using var file = File.OpenRead(path);
        using var octets = new MemoryStream();
        var part = new byte[1 << 16];
        for (int count; (count = file.Read(part)) > 0;)
        {
            octets.Write(part, 0, octets.Length + count <= most
                ? count
                : throw new IOException($"{path} is too large: expected {most / 1024} KiB at most"));
        }

        return octets.ToArray();
    }
}

/// <summary>A text file is written in another encoding than UTF-8.</summary>
/// <param name="line">Where the first byte stands that is wrong; counted from 1, as is <paramref name="column"/>.</param>
internal sealed class NotUtf8Exception(string path, string reason, long line, long column)
    : IOException($"{path} {reason} (line {line}, column {column})")
{
    public long Line { get; } = line;

    public long Column { get; } = column;

    /// <summary>What is wrong and what to do, without the file and the place.</summary>
    public string Reason { get; } = reason;

    public static NotUtf8Exception In(string path, ReadOnlySpan<byte> octets)
    {
        var rest = octets;
        var (line, column) = (1L, 1L);
        while (Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1L) : (line, column + rune.Utf16SequenceLength);
            rest = rest[length..];
        }

        var octet = octets is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] ? "it is UTF-16; "
            : rest.IsEmpty ? "" : $"the byte 0x{rest[0]:x2} belongs to no character; ";
        return new NotUtf8Exception(path, $"is not UTF-8: {octet}save it as UTF-8, or convert it with iconv", line, column);
    }
}
