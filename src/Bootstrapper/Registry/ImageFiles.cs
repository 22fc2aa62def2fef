using Bootstrapper.Host;

namespace Bootstrapper.Registry;

/// <summary>
/// What lies in <c>images/</c> and may hold images. Hidden files are none: copying programs hide what is not whole yet.
/// </summary>
internal static class ImageFiles
{
    private static readonly string[] Endings = [".tar", ".tar.gz", ".tgz"];

    /// <summary>Of archives that cannot be read: whoever opens one tells why, and nobody waits for its images in vain.</summary>
    private static readonly string[] OtherEndings = [".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.bz2", ".tbz2", ".tar.lz4"];

    /// <summary>
    /// Archives of the operator by name; then what <c>fetch images</c> brought, which the operator's own replace.
    /// </summary>
    public static IReadOnlyList<string> In(Bsroot bsroot) => !Directory.Exists(bsroot.Images)
        ? []
        : [.. Directory.EnumerateFileSystemEntries(bsroot.Images).Where(MayHoldImages)
            .OrderBy(path => path == bsroot.FetchedImages).ThenBy(path => path, StringComparer.Ordinal)];

    /// <summary>
    /// The same for names as they are below the data root, in a bundle for one: no more is known than which files there are.
    /// </summary>
    public static IReadOnlyList<string> Among(IReadOnlyCollection<string> files) =>
    [
        .. files.Where(file => file.Split('/') is ["images", var name] && IsArchive(name))
            .Concat(files.Where(file => file.Split('/') is ["images", _, OciLayout.Marker])
                .Select(file => file[..^(OciLayout.Marker.Length + 1)]))
            .OrderBy(path => path == "images/upstream").ThenBy(path => path, StringComparer.Ordinal),
    ];

    /// <summary>Another text when any of them was changed, added or removed.</summary>
    public static string Stamp(Bsroot bsroot) =>
        FileStamp.Of(In(bsroot).Select(path => Directory.Exists(path) ? Path.Combine(path, OciLayout.Contents) : path));

    /// <summary>What is to be watched to learn of that.</summary>
    public static IEnumerable<string> Places(Bsroot bsroot) =>
    [
        bsroot.Images,
        .. Directory.Exists(bsroot.Images)
            ? Directory.EnumerateFileSystemEntries(bsroot.Images).Where(path => !Path.GetFileName(path).StartsWith('.'))
            : [],
    ];

    /// <summary>The file's name as a repository: <c>hello.tar.gz</c> is <c>hello</c>.</summary>
    public static string Stem(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        var ending = Array.Find(Endings, ending => name.EndsWith(ending, StringComparison.Ordinal)) ?? "";
        return name[..^ending.Length];
    }

    private static bool MayHoldImages(string path) => Path.GetFileName(path) is var name && !name.StartsWith('.')
        && (IsArchive(name) || File.Exists(Path.Combine(path, OciLayout.Marker)));

    private static bool IsArchive(string name) =>
        Endings.Concat(OtherEndings).Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
