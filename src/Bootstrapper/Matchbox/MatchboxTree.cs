using Bootstrapper.Host;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox;

/// <summary>
/// The files of a matchbox data directory, by names such as <c>matchbox/groups/node1.json</c>: on disk, or in a bundle.
/// </summary>
/// <param name="files">All but assets, which are read when they are asked for.</param>
/// <param name="read">Gives the text of one of them, or throws an <see cref="IOException"/>.</param>
internal sealed class MatchboxTree(IEnumerable<string> files, Func<string, string> read)
{
    /// <summary>In bytes.</summary>
    private const long Largest = 16 << 20;

    private const string Assets = "assets";

    private static readonly string[] Folders = ["groups", "profiles", "ignition", "cloud", "generic", "boot"];

    private readonly SortedSet<string> _files = new(files.Where(IsRead), StringComparer.Ordinal);

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static MatchboxTree Of(Bsroot bsroot) => new(
        OnDisk(bsroot, attributesToSkip: default).Select(path => Path.GetRelativePath(bsroot.Root, path)),
        file => BoundedFile.ReadText(bsroot.At(file), Largest));

    /// <summary>Another text when any of them was changed, added or removed.</summary>
    public static string Stamp(Bsroot bsroot) => !Directory.Exists(bsroot.Matchbox) ? ""
        : $"{bsroot.Matchbox}\n"
            + FileStamp.Of(OnDisk(bsroot, FileAttributes.Hidden | FileAttributes.System).Order(StringComparer.Ordinal));

    /// <summary>What is to be watched to learn of that.</summary>
    public static IEnumerable<string> Places(Bsroot bsroot) =>
    [
        bsroot.Matchbox,
        .. Folders.SelectMany(folder => FileWatch.AllIn(Path.Combine(bsroot.Matchbox, folder))),
    ];

    public string Read(string file) => read(file);

    /// <summary>Those directly in a folder, in the order of their names; hidden ones are left out.</summary>
    public IEnumerable<string> Files(string folder, string ending) =>
        from file in _files.GetViewBetween(At(folder, ""), At(folder, "\uffff"))
        let name = file[At(folder, "").Length..]
        where !name.Contains('/', StringComparison.Ordinal) && name is not ['.', ..]
            && name.EndsWith(ending, StringComparison.Ordinal)
        select file;

    /// <param name="key">By which it is named in the file that mentions it.</param>
    /// <exception cref="RenderingException">There is no such file, or it would not be in that folder.</exception>
    public string Find(string folder, string name, string mentionedIn, string key)
    {
        var path = Path.GetFullPath(Path.Combine("/", At(folder, name.Replace('\0', ' '))))[1..];
        return path.StartsWith(At(folder, ""), StringComparison.Ordinal) && _files.Contains(path)
            ? path
            : throw new RenderingException(
                mentionedIn, JsonPlace.Of(Read(mentionedIn), key), $"there is no file {folder}/{Printable.Escaped(name)}");
    }

    /// <summary>The files of bootcfg's first store under a folder, by <see cref="FirstStore.Key"/>.</summary>
    public IEnumerable<(string Key, string File)> Store(string folder) =>
    [
        .. _files.Contains(At(folder, FirstStore.Default))
            ? [(FirstStore.Default, At(folder, FirstStore.Default))]
            : Array.Empty<(string, string)>(),
        .. from label in new[] { MachineRequest.Uuid, MachineRequest.Mac }
           from file in Files($"{folder}/{label}", ending: "")
           select (FirstStore.Key(label, Path.GetFileName(file)), file),
    ];

    private static IEnumerable<string> OnDisk(Bsroot bsroot, FileAttributes attributesToSkip) => Folders
        .Select(folder => Path.Combine(bsroot.Matchbox, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(
            folder,
            "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = attributesToSkip }));

    private static bool IsRead(string file) => file.StartsWith($"{Bsroot.MatchboxName}/", StringComparison.Ordinal)
        && !file.StartsWith(At(Assets, ""), StringComparison.Ordinal);

    private static string At(string folder, string name) => $"{Bsroot.MatchboxName}/{folder}/{name}";
}
