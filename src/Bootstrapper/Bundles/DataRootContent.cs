using Bootstrapper.Cluster;
using Bootstrapper.Images.Releases;

namespace Bootstrapper.Bundles;

/// <summary>
/// What of a data root goes into a bundle. Nothing that is only this bootstrapper's: no key, no state, nothing rendered, nothing
/// unfinished.
/// </summary>
internal sealed class DataRootContent : IContent
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Bsroot _bsroot;
    private readonly string _version;

    private DataRootContent(Bsroot bsroot, string version) => (_bsroot, _version) = (bsroot, version);

    public IReadOnlyCollection<string> Files => _files.Keys;

    public IReadOnlyDictionary<string, string> Links => _links;

    /// <param name="program">
    /// The program's container image, saved to a file; <c>null</c> for the one in the data root, if there is one.
    /// </param>
    public static DataRootContent Of(Bsroot bsroot, ClusterDescription cluster, string? program)
    {
        var content = new DataRootContent(bsroot, cluster.Os.Version);
        content.AddFile(BundlePath.Description, bsroot.Description);
        content.AddFile(BundlePath.PxeHosts, bsroot.PxeHosts);
        content.AddFile(BundlePath.Program, program ?? bsroot.At(BundlePath.Program));
        foreach (var template in Directory.EnumerateFiles(bsroot.Root)
            .Select(file => Path.GetFileName(file)!).Where(BundlePath.IsRootTemplate))
        {
            content.AddFile(template, bsroot.At(template));
        }

        BundlePath.Trees.ToList().ForEach(tree => content.AddTree(tree.TrimEnd('/')));
        return content;
    }

    /// <summary>All that a data root has under names that a manifest lists: what was loaded there before.</summary>
    public static DataRootContent Among(Bsroot bsroot, BundleManifest manifest)
    {
        var content = new DataRootContent(bsroot, ReleaseVersion.Current);
        manifest.Files.ToList().ForEach(file => content.AddFile(file.Path, bsroot.At(file.Path)));
        return content;
    }

    public Stream? Open(string path) => _files.TryGetValue(path, out var file) ? File.OpenRead(file) : null;

    private void AddFile(string path, string file)
    {
        if (File.Exists(file) && BundlePath.IsAllowed(path))
        {
            _files[path] = file;
        }
    }

    private void AddTree(string directory)
    {
        if (!Directory.Exists(_bsroot.At(directory)))
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(_bsroot.At(directory))
            .EnumerateFileSystemInfos().Where(entry => IsFinished(entry.Name)))
        {
            Add($"{directory}/{entry.Name}", entry);
        }
    }

    /// <summary>A link that leads out of its tree is not followed: neither does the web server.</summary>
    private void Add(string path, FileSystemInfo entry)
    {
        if (entry.LinkTarget is { } target)
        {
            if (BundlePath.IsAllowedLink(path, target))
            {
                _links[path] = target;
            }
        }
        else if (entry is FileInfo)
        {
            AddFile(path, entry.FullName);
        }
        else if (!IsOldRelease(path))
        {
            AddTree(path);
        }
    }

    private static bool IsFinished(string name) => !name.StartsWith('.') || name == ChannelDirectory.FetchedMark;

    /// <summary>
    /// Of a channel's releases one is in force, and perhaps the one that the description names; machines ask for no other.
    /// </summary>
    private bool IsOldRelease(string path) =>
        path.Split('/') is ["www", var channel, var version]
        && ChannelDirectory.Of(_bsroot, channel).Current is { } current
        && version != current && version != _version;
}
