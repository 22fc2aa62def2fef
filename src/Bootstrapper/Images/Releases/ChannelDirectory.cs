using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Images.Releases;

/// <summary>A channel's folder under <c>www/</c>: its releases, and the link <c>current</c> to one of them.</summary>
/// <remarks>Hidden names in it are not served.</remarks>
internal sealed class ChannelDirectory(string path)
{
    /// <summary>
    /// In every release that we fetched, with where it came from. What an operator put there has none, and is never deleted.
    /// </summary>
    public const string FetchedMark = ".fetched";

    private const string LockName = ".lock";

    public static ChannelDirectory Of(Bsroot bsroot, string folder) => new(Path.Combine(bsroot.Www, folder));

    /// <summary>The version in force; <c>null</c> while there is none.</summary>
    public string? Current =>
        new DirectoryInfo(CurrentLink) is { Exists: true, LinkTarget: { } target } ? Path.GetFileName(target.TrimEnd('/')) : null;

    private string CurrentLink => Path.Combine(path, ReleaseVersion.Current);

    /// <summary>All that are there, oldest first.</summary>
    public IReadOnlyList<string> Versions => !Directory.Exists(path) ? [] :
    [
        .. Directory.EnumerateDirectories(path).Select(directory => Path.GetFileName(directory)!)
            .Where(ReleaseVersion.IsSound)
            .Order(Comparer<string>.Create(ReleaseVersion.Compare)),
    ];

    /// <summary>Those that we fetched, oldest first.</summary>
    public IReadOnlyList<string> Fetched => [.. Versions.Where(version => File.Exists(Path.Combine(Of(version), FetchedMark)))];

    public string Of(string version) => Path.Combine(path, version);

    public bool Has(string version) => Directory.Exists(Of(version));

    /// <summary>Where a release is put together. What an interrupted download left there is used again.</summary>
    public string Partial(string version) => Directory.CreateDirectory(Path.Combine(path, $".{version}.partial")).FullName;

    /// <summary>Keeps other processes out until it is disposed; the operating system sees to it when we are killed.</summary>
    /// <exception cref="ReleaseException">Somebody is at it.</exception>
    public IDisposable Lock()
    {
        Bsroot.MakeDirectory(path);
        try
        {
            return new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException(
                $"{path} is in use: another fetch is under way, or the updater's ({refusal.Message})", refusal);
        }
    }

    /// <summary>Makes a release visible: from one moment to the next, and whole.</summary>
    public void Publish(string version, string origin) => Guarded(() =>
    {
        Bsroot.Write(Path.Combine(Partial(version), FetchedMark), origin);
        Bsroot.Publish(Partial(version), Of(version));
    });

    /// <summary>Puts a release into force for every machine that asks from now on.</summary>
    public void Switch(string version) => Guarded(() => Bsroot.Link(CurrentLink, version));

    /// <summary>Takes a release away. Who reads a file of it reads on to its end.</summary>
    public void Remove(string version) => Guarded(() =>
    {
        var removed = Path.Combine(path, $".{version}.removed");
        Directory.Move(Of(version), removed);
        Directory.Delete(removed, recursive: true);
    });

    /// <summary>
    /// Removes what earlier fetches left unfinished: downloads of other versions, deletions that were cut short.
    /// </summary>
    public void Tidy(string version) => Guarded(() =>
    {
        foreach (var left in Directory.EnumerateDirectories(path, ".*")
            .Where(left => left.EndsWith(".removed", StringComparison.Ordinal)
                || (left.EndsWith(".partial", StringComparison.Ordinal) && Path.GetFileName(left) != $".{version}.partial"))
            .ToList())
        {
            Directory.Delete(left, recursive: true);
        }
    });

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new DiskException(path, refusal);
        }
    }
}
