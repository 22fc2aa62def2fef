using System.Collections.Concurrent;

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
    public string? Processor(string file) => Of(file)?.Processor.Value;

    private Known? Of(string path)
    {
        var file = new FileInfo(path);
        if (file is { Exists: true, LinkTarget: not null })
        {
            file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        }

        if (!file.Exists)
        {
            return null;
        }

        var (size, written) = (file.Length, file.LastWriteTimeUtc);
        if (_known.TryGetValue(path, out var known) && known.Size == size && known.Written == written)
        {
            return known;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        return _known[path] = new Known(size, written, new Lazy<string?>(() => KernelFile.Processor(path)));
    }

    private sealed record Known(long Size, DateTime Written, Lazy<string?> Processor);
}
