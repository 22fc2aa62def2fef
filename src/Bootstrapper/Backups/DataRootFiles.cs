using System.Runtime.CompilerServices;
using Bootstrapper.Bundles;
using Bootstrapper.Host;
using Bootstrapper.Pki;

namespace Bootstrapper.Backups;

/// <summary>
/// All that a backup takes of a data root, while a bootstrapper serves from it. Every file is taken after the backup began, so
/// that it has whatever was acknowledged before; what must fit together is taken at one moment, and in an order in which what is
/// missing in the one is in the other.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>The files of the root itself, with keys and roots, are one group. They come first, and must be the same at the end:
/// leaves are signed by roots of before or behind a change of root, and no backup has it both ways.</item>
/// <item>The journal of the audit trail and git's branch are one group: a change is in the one or in the other. git's objects
/// follow, of which a branch only ever names those that are on disk; loose ones before packs, since they move from here to
/// there.</item>
/// <item>Then what the trail tells of: a record that is ahead of its trail is told as found late.</item>
/// <item>Leaves come last: a machine whose record says less than it has is better off than one whose certificate is not on
/// record.</item>
/// </list>
/// </remarks>
/// <param name="output">The directory in which the backup is written, which is in none; <c>null</c> for none.</param>
internal sealed class DataRootFiles(Bsroot bsroot, TimeProvider time, string? output = null)
{
    /// <summary>More than that in one directory are not held open together; then each stands for itself.</summary>
    private const int LargestGroup = 100;

    private const string Git = "inventory/.git", Journal = $"{Git}/bootstrapper", Objects = $"{Git}/objects";

    /// <summary>Directories whose files, with those in all directories below, belong together.</summary>
    private static readonly string[] Together = ["applied", "manifests", "secureboot", "templates"];

    /// <summary>Directories in which the program alone writes: whole files, or at their end.</summary>
    private static readonly string[] OurOwn = ["etcd", "inventory", "timeline", "tls", "users"];

    private readonly LeftOut _leftOut = new(bsroot);
    private readonly SortedDictionary<string, LeftOutRule> _missing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _passedOver = new(StringComparer.Ordinal);
    private readonly List<string> _directories = [];
    private readonly string _root = RealPath.Of(bsroot.Root);
    private readonly string? _output = output is null ? null : RealPath.Of(output);

    /// <summary>What was left out, and must be brought again by somebody; by path.</summary>
    public IReadOnlyDictionary<string, LeftOutRule> Missing => _missing;

    /// <summary>What is no file and no directory of the data root, and what it is; by path.</summary>
    public IReadOnlyDictionary<string, string> PassedOver => _passedOver;

    /// <summary>Those that were come through, each before what is in it.</summary>
    public IReadOnlyList<string> Directories => _directories;

    /// <returns>Each is the caller's to dispose of.</returns>
    /// <exception cref="RootsChangedException">A root was changed meanwhile: all must be taken once more.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async IAsyncEnumerable<TakenFile> TakeAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _directories.Add("");
        var roots = RootsNow();
        await foreach (var file in EachAsync([Group(() => FilesIn(""))], cancellation))
        {
            yield return file;
        }

        await foreach (var file in EachAsync(TrailGroups().Concat(Below(Git, passed: [])), cancellation))
        {
            yield return file;
        }

        var top = DirectoriesIn("").OrderBy(name => name == "tls").ThenBy(name => name, StringComparer.Ordinal);
        await foreach (var file in EachAsync(top.SelectMany(name => Below(name, passed: [])), cancellation))
        {
            yield return file;
        }

        if (RootsNow() != roots)
        {
            throw new RootsChangedException();
        }
    }

    private static async IAsyncEnumerable<TakenFile> EachAsync(
        IEnumerable<FileGroup> groups, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var group in groups)
        {
            foreach (var file in await group.TakeAsync(cancellation))
            {
                yield return file;
            }
        }
    }

    private string RootsNow() => FileStamp.Of(RootNames.All.Select(bsroot.PathsOf)
        .SelectMany(paths => new[] { paths.Certificate, paths.Key, paths.Next, paths.Old }));

    /// <summary>git's own files; what else is below <see cref="Git"/> follows as of any directory.</summary>
    private IEnumerable<FileGroup> TrailGroups()
    {
        if (!Directory.Exists(bsroot.At(Git)))
        {
            yield break;
        }

        yield return Growing(() => [.. FilesIn(Journal), .. FilesIn(Git).Where(IsBranch), .. FilesBelow($"{Git}/refs", [])]);
        foreach (var loose in DirectoriesIn(Objects).Where(IsLoose))
        {
            yield return Group(() => FilesIn(loose)); // what goes meanwhile is in a pack by then
        }

        yield return Group(() => FilesIn($"{Objects}/pack"));
    }

    private IEnumerable<FileGroup> Below(string directory, IReadOnlyList<string> passed)
    {
        var place = RealPath.Of(bsroot.At(directory));
        if (!IsEntered(directory, place, passed))
        {
            yield break;
        }

        _directories.Add(directory);
        if (Together.Contains(directory, StringComparer.Ordinal))
        {
            yield return Group(() => FilesBelow(directory, passed));
            yield break;
        }

        foreach (var group in InDirectory(directory))
        {
            yield return group;
        }

        foreach (var group in DirectoriesIn(directory).Where(next => next != Git)
            .SelectMany(next => Below(next, [.. passed, place])))
        {
            yield return group;
        }
    }

    private IEnumerable<FileGroup> InDirectory(string directory)
    {
        if (IsTaken(directory))
        {
            return [];
        }

        var files = FilesIn(directory);
        return directory switch
        {
            Git => [Group(() => [.. FilesIn(Git).Where(file => !IsBranch(file))])],
            "inventory" => files.Select(One),
            "timeline" => files.GroupBy(file => file.Split(".jsonl")[0], StringComparer.Ordinal).Select(Timeline),
            "dnsmasq" => [new FileGroup(bsroot, time, () => FilesIn(directory)) { IsRewritten = true }],
            _ when files.Count > LargestGroup => files.Select(One),
            _ when OurOwn.Contains(directory.Split('/')[0], StringComparer.Ordinal) => [Growing(() => FilesIn(directory))],
            _ => [Group(() => FilesIn(directory))],
        };
    }

    /// <summary>Among <see cref="TrailGroups"/>.</summary>
    private static bool IsTaken(string directory) => directory is Journal or $"{Objects}/pack" || IsLoose(directory)
        || $"{directory}/".StartsWith($"{Git}/refs/", StringComparison.Ordinal);

    private static bool IsBranch(string file) => file is $"{Git}/HEAD" or $"{Git}/packed-refs";

    private static bool IsLoose(string directory) =>
        directory.StartsWith($"{Objects}/", StringComparison.Ordinal) && Path.GetFileName(directory).Length == 2;

    /// <summary>A file that has grown becomes the one before, whose place it takes.</summary>
    private FileGroup Timeline(IGrouping<string, string> ofNode)
    {
        var names = ofNode.Union([$"{ofNode.Key}.jsonl", $"{ofNode.Key}.jsonl.1"], StringComparer.Ordinal).ToList();
        return Growing(() => names.FindAll(file => FileStamp.IsFile(bsroot.At(file))));
    }

    private FileGroup One(string file) => Growing(() => FileStamp.IsFile(bsroot.At(file)) ? [file] : []);

    private FileGroup Group(Func<IReadOnlyList<string>> list) => new(bsroot, time, list);

    private FileGroup Growing(Func<IReadOnlyList<string>> list) => new(bsroot, time, list) { IsGrowing = true };

    private IReadOnlyList<string> FilesBelow(string directory, IReadOnlyList<string> passed)
    {
        var place = RealPath.Of(bsroot.At(directory));
        return !IsEntered(directory, place, passed) ? [] :
        [
            .. FilesIn(directory),
            .. DirectoriesIn(directory).SelectMany(next => FilesBelow(next, [.. passed, place])),
        ];
    }

    /// <summary>What leads up again is there already, and last night's backup has that of the night before.</summary>
    private bool IsEntered(string directory, string place, IReadOnlyList<string> passed)
    {
        var why = passed.Contains(place, StringComparer.Ordinal) || IsIn(_root, place) ? "a link that leads up again"
            : place == _output ? "where backups are written"
            : null;
        if (why is not null)
        {
            _passedOver[directory] = why;
        }

        return why is null;
    }

    private static bool IsIn(string path, string directory) =>
        $"{path}/".StartsWith($"{directory.TrimEnd('/')}/", StringComparison.Ordinal);

    private IReadOnlyList<string> FilesIn(string directory) => Among(directory, Directory.EnumerateFiles, IsFile);

    /// <summary>To open a pipe takes until somebody writes into it.</summary>
    private bool IsFile(string path)
    {
        var kind = FileStamp.KindOf(bsroot.At(path));
        if (kind is null && new FileInfo(bsroot.At(path)).LinkTarget is { } target)
        {
            kind = $"a link to {target}, which is not there";
        }

        if (kind is not (null or FileStamp.PlainFile))
        {
            _passedOver[path] = kind;
        }

        return kind is FileStamp.PlainFile;
    }

    private IReadOnlyList<string> DirectoriesIn(string directory) => Among(directory, Directory.EnumerateDirectories, _ => true);

    /// <remarks>A file that gets another name while a directory is read may be missed; not twice.</remarks>
    private IReadOnlyList<string> Among(
        string directory, Func<string, IEnumerable<string>> enumerate, Func<string, bool> isOne)
    {
        try
        {
            return
            [
                .. enumerate(bsroot.At(directory)).ToList().Union(enumerate(bsroot.At(directory)), StringComparer.Ordinal)
                    .Select(path => Path.Combine(directory, Path.GetFileName(path)))
                    .Where(path => !IsLeftOut(path)).Select(Nameable).Where(isOne).Order(StringComparer.Ordinal),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // it went: a node was forgotten
        }
    }

    /// <summary>What cannot be restored, or would be passed over since its name is not UTF-8, must not be forgotten.</summary>
    /// <exception cref="IOException">No backup can have it.</exception>
    private static string Nameable(string path) =>
        BundlePath.IsPlain(path) && !path.Contains('\uFFFD', StringComparison.Ordinal) ? path
        : throw new IOException($"{Printable.OnOneLine(path)} has a name that no backup can have (control characters, more than "
            + "1024 characters, or not UTF-8): rename it");

    private bool IsLeftOut(string path)
    {
        var rule = _leftOut.Of(path);
        if (rule?.Again is not null)
        {
            _missing[path] = rule;
        }

        return rule is not null;
    }
}

/// <summary>A root was changed while a data root was read: leaves and roots may not fit together.</summary>
internal sealed class RootsChangedException() : IOException("a root was changed while the data root was read: try again");
