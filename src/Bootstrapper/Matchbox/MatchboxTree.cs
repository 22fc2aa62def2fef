using System.Globalization;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox;

/// <summary>The files of a matchbox data directory, by names such as <c>matchbox/groups/node1.json</c>.</summary>
internal sealed class MatchboxTree(Bsroot bsroot)
{
    private static readonly string[] Folders = ["groups", "profiles", "ignition", "cloud", "generic", "boot"];

    /// <summary>Another text when any of them was changed, added or removed; but for assets, which are read when they are asked for.</summary>
    public string Stamp() => !Directory.Exists(bsroot.Matchbox) ? "" : string.Join('\n', Folders
        .Where(folder => Directory.Exists(At(folder)))
        .SelectMany(folder => Directory.EnumerateFiles(At(folder), "*", new EnumerationOptions { RecurseSubdirectories = true }))
        .Order(StringComparer.Ordinal)
        .Select(path => new FileInfo(path))
        .Select(file => (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file) is var target && target.Exists
            ? string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}")
            : file.FullName)
        .Prepend(bsroot.Matchbox));

    public string Read(string file) => System.IO.File.ReadAllText(bsroot.At(file));

    /// <summary>Those directly in a folder, in the order of their names; hidden ones are left out.</summary>
    public IEnumerable<string> Files(string folder, string pattern) => !Directory.Exists(At(folder)) ? [] :
        Directory.EnumerateFiles(At(folder), pattern)
            .Where(path => Path.GetFileName(path)[0] != '.')
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Bsroot.MatchboxName}/{folder}/{Path.GetFileName(path)}");

    /// <exception cref="RenderingException">There is no such file, or it would not be in that folder.</exception>
    public string File(string folder, string name, string mentionedIn)
    {
        var path = Path.GetFullPath(Path.Combine(At(folder), name.Replace('\0', ' ')));
        return path.StartsWith(At(folder) + "/", StringComparison.Ordinal) && System.IO.File.Exists(path)
            ? $"{Bsroot.MatchboxName}/{folder}/{Path.GetRelativePath(At(folder), path)}"
            : throw new RenderingException(mentionedIn, position: null, $"there is no file {folder}/{Cluster.Printable.Text(name)}");
    }

    /// <summary>The files of bootcfg's first store under a folder, by <see cref="FirstStore.Key"/>.</summary>
    public IEnumerable<(string Key, string File)> Store(string folder) =>
    [
        .. System.IO.File.Exists(Path.Combine(At(folder), FirstStore.Default)) ? [(FirstStore.Default, $"{Bsroot.MatchboxName}/{folder}/{FirstStore.Default}")] : Array.Empty<(string, string)>(),
        .. from label in new[] { MachineRequest.Uuid, MachineRequest.Mac }
           from file in Files($"{folder}/{label}", "*")
           select (FirstStore.Key(label, Path.GetFileName(file)), file),
    ];

    private string At(string folder) => Path.Combine(bsroot.Matchbox, folder);
}
