using System.Text;

namespace Bootstrapper.Bundles;

/// <summary>What a bundle holds, or is to hold: in a data root, in an archive, or in several of them.</summary>
internal interface IContent
{
    /// <summary>Names as <see cref="BundlePath"/> has them.</summary>
    IReadOnlyCollection<string> Files { get; }

    /// <summary>Targets of symbolic links by their names.</summary>
    IReadOnlyDictionary<string, string> Links { get; }

    /// <returns>Can be sought in; <c>null</c> where there is no such file, though its name may be known.</returns>
    Stream? Open(string path);
}

internal static class ContentReading
{
    /// <summary>Whatever we read whole is text that somebody wrote: a description, a template, a manifest.</summary>
    private const long LargestText = 16 << 20;

    /// <returns><c>null</c> where there is no such file, or one that is no text.</returns>
    public static byte[]? ReadBytes(this IContent content, string path)
    {
        using var stream = content.Open(path);
        if (stream is null || stream.Length > LargestText)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string? ReadText(this IContent content, string path)
    {
        using var stream = content.ReadBytes(path) is { } bytes ? new MemoryStream(bytes) : null;
        return stream is null ? null : new StreamReader(stream, Encoding.UTF8).ReadToEnd();
    }
}
