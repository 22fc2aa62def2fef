using System.Security.Cryptography;

namespace Bootstrapper.Registry;

/// <summary>
/// What a registry that was killed left half written. distribution 2.8 writes manifests and links in place (its filesystem
/// driver, PutContent), in one call, and later takes whatever is there for whole: a push of the same would leave it as it is. To
/// be removed before the registry starts; what was acknowledged is never among it.
/// </summary>
internal sealed partial class TornFiles(string storage, ILogger logger)
{
    /// <summary>
    /// Of a manifest (distribution, registry/handlers/manifests.go); what is larger came by a rename, and is whole.
    /// </summary>
    private const int LargestManifest = 4 << 20;

    /// <summary>The kernel ends a call of somebody who was killed between two pages; an empty file ends at one, too.</summary>
    private const int Page = 4096;

    private readonly string _root = Path.Combine(storage, "docker", "registry", "v2");

    /// <exception cref="IOException">The storage cannot be read or written.</exception>
    public void Remove()
    {
        foreach (var link in FilesIn("repositories", "link").Where(link => link.Length == 0))
        {
            Repair(link);
        }

        foreach (var blob in FilesIn("blobs", "data").Where(IsTorn))
        {
            blob.Delete();
            LogRemoved(Relative(blob));
        }
    }

    /// <summary>
    /// A tag that was moved to another image goes there: the registry notes all that a tag ever led to before it moves the tag,
    /// and notes nothing that it has not got.
    /// </summary>
    private void Repair(FileInfo link)
    {
        if (link.Directory is { Name: "current", Parent: { } tag } && NewestOf(tag) is { } newest)
        {
            Bsroot.Write(link.FullName, File.ReadAllText(newest.FullName));
            LogMended(Relative(link));
        }
        else
        {
            link.Delete();
            LogRemoved(Relative(link));
        }
    }

    private static FileInfo? NewestOf(DirectoryInfo tag) =>
        new DirectoryInfo(Path.Combine(tag.FullName, "index")) is { Exists: true } index
            ? index.EnumerateFiles("link", SearchOption.AllDirectories)
                .Where(link => link.Length > 0).MaxBy(link => link.LastWriteTimeUtc)
            : null;

    private static bool IsTorn(FileInfo blob)
    {
        if (blob.Length > LargestManifest || blob.Length % Page != 0)
        {
            return false;
        }

        using var content = blob.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(content)) != blob.Directory!.Name;
    }

    private List<FileInfo> FilesIn(string part, string name) =>
        new DirectoryInfo(Path.Combine(_root, part)) is { Exists: true } directory
            ? [.. directory.EnumerateFiles(name, SearchOption.AllDirectories)]
            : [];

    private string Relative(FileInfo file) => Path.GetRelativePath(_root, file.FullName);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The registry was killed while it wrote {File}, "
        + "which is removed: push that image again, unless it is in images/")]
    private partial void LogRemoved(string file);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The registry was killed while it moved a tag; {File} now names the image that was pushed last")]
    private partial void LogMended(string file);
}
