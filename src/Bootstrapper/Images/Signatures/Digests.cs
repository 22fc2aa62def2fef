using System.Security.Cryptography;

namespace Bootstrapper.Images.Signatures;

/// <summary>Compares files with digests that somebody trustworthy has published.</summary>
internal static class Digests
{
    /// <param name="text">
    /// As <c>sha512sum</c> and <c>sha256sum</c> print it, with <c>#</c> lines between; other kinds of digest are passed over.
    /// </param>
    /// <param name="name">
    /// Under which the file must be listed. A signature alone does not say which file it is of; this does.
    /// </param>
    /// <returns>What is wrong; <c>null</c> when the file is the one that is listed.</returns>
    public static async Task<string?> ObjectionAsync(string text, string name, string file, CancellationToken cancellation)
    {
        var listed = Listed(text, name);
        return listed.Count == 0
            ? $"the signed digests beside it do not list {name}: they are those of another file"
            : await FirstObjectionAsync(listed, file, cancellation);
    }

    /// <param name="expected">SHA-256 or SHA-512, told by its length, in hexadecimal.</param>
    public static async Task<string?> ObjectionAsync(string expected, string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        var (kind, actual) = expected.Length == SHA512.HashSizeInBytes * 2
            ? ("SHA-512", await SHA512.HashDataAsync(content, cancellation))
            : ("SHA-256", await SHA256.HashDataAsync(content, cancellation));
        return actual.AsSpan().SequenceEqual(Convert.FromHexString(expected))
            ? null
            : $"its {kind} is {Convert.ToHexStringLower(actual)} and should be {expected.ToLowerInvariant()}: it was damaged "
                + "or replaced on the way";
    }

    private static async Task<string?> FirstObjectionAsync(List<string> listed, string file, CancellationToken cancellation)
    {
        foreach (var expected in listed)
        {
            if (await ObjectionAsync(expected, file, cancellation) is { } objection)
            {
                return objection;
            }
        }

        return null;
    }

    private static List<string> Listed(string text, string name) =>
    [
        .. from line in text.Split('\n')
           let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
           where words is [{ Length: 64 or 128 }, _] && words[1].TrimStart('*') == name && words[0].All(char.IsAsciiHexDigit)
           select words[0],
    ];
}
