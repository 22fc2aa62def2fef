using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Layout;

/// <summary>The program's folders as they are, and which of them each file uses.</summary>
internal static partial class SourceTree
{
    /// <summary>Each may use those before it and none in its own group; to see the architecture, read the list.</summary>
    public static readonly string[][] Layers =
    [
        ["Host"],
        ["Cluster"],
        ["Pki"],
        ["Model"],
        ["Rendering"],
        ["InForce"],
        ["Images", "FanOut", "Registry", "Supervision", "Inventory", "Matchbox", "Signing"],
        ["Dhcp", "Power"],
        ["Boot"],
        ["Bundles", "Doctor", "Planning"],
        ["Backups"],
        ["Http"],
        ["Rehearsal"],
        ["Cli"],
    ];

    /// <summary>The files beside the folders, and what each of them may use.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Beside = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Bsroot.cs"] = ["Host", "Cluster"],
        ["Bsroot.Replacing.cs"] = ["Host"],
        ["Bsroot.Taking.cs"] = ["Host"],
        ["Bsroot.Writing.cs"] = ["Host"],
        ["Daemon.cs"] = [.. Layers.SelectMany(layer => layer).Where(folder => folder is not ("Cli" or "Rehearsal"))],
        ["Program.cs"] = ["Cli"],
    };

    public static string Directory { get; } = Find();

    /// <summary>
    /// Every file, with the folder that it lies in (its own name for those beside the folders) and the folders that it uses.
    /// </summary>
    public static IReadOnlyList<(string File, string Folder, IReadOnlyList<string> Uses)> Files { get; } =
    [
        .. from path in System.IO.Directory.EnumerateFiles(Directory, "*.cs", SearchOption.AllDirectories)
           let file = Path.GetRelativePath(Directory, path)
           let folder = file.Split(Path.DirectorySeparatorChar)[0]
           select (file, folder, UsesOf(File.ReadAllText(path), folder)),
    ];

    public static int LayerOf(string folder) => Array.FindIndex(Layers, layer => layer.Contains(folder));

    private static IReadOnlyList<string> UsesOf(string text, string folder) =>
    [
        .. Use().Matches(text).Select(match => match.Groups["folder"].Value)
            .Where(used => used != folder && LayerOf(used) >= 0)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Matches <c>using Bootstrapper.Http;</c>, and <c>Http.X</c>, which needs no using here.</summary>
    [GeneratedRegex(@"(?:\bBootstrapper\.|(?<![.\w]))(?<folder>[A-Z]\w+)(?=\.[A-Z]|;)")]
    private static partial Regex Use();

    private static string Find([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "src", "Bootstrapper"));
}
