using System.Collections.Concurrent;
using Bootstrapper.Host;

namespace Bootstrapper.Images;

/// <summary>
/// What is known of files that machines boot. Each is read once, and again only when it was replaced, so that a request does not
/// wait for the disk.
/// </summary>
internal sealed class StoredFiles
{
    /// <summary>A description names few; whoever names more has them read again.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <returns>In bytes; <c>null</c> where there is no such file.</returns>
    public long? Size(string file) => Of(file)?.Size;

    /// <returns>As <see cref="KernelFile"/> says it; <c>null</c> where that is not known.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Processor(string file) => Of(file)?.Processor.Value;

    private Known? Of(string path)
    {
        var stamp = FileStamp.Of(path, out var found);
        if (_known.TryGetValue(path, out var known) && known.Stamp == stamp)
        {
            return known;
        }

        if (found is not { } size)
        {
            return null;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        return _known[path] = new Known(stamp, size, Once(() => KernelFile.Processor(path)));
    }

    /// <summary>A look that failed is none: what keeps the file from being read may pass.</summary>
    private static Lazy<string?> Once(Func<string?> look) => new(look, LazyThreadSafetyMode.PublicationOnly);

    private sealed record Known(string Stamp, long Size, Lazy<string?> Processor);
}
