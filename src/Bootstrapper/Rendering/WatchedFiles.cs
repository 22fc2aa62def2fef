using System.Globalization;

namespace Bootstrapper.Rendering;

/// <summary>The files that an operator edits.</summary>
internal static class WatchedFiles
{
    /// <summary>Another text when any of them was changed, added or removed.</summary>
    public static string Stamp(Bsroot bsroot) => string.Join('\n',
        new[] { bsroot.Description, bsroot.At(Cluster.Node.DefaultTemplate) }
            .Concat(Directory.Exists(bsroot.Templates) ? Directory.EnumerateFiles(bsroot.Templates, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [])
            .Select(path => new FileInfo(path))
            .Select(file => file.Exists
                ? string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}")
                : file.FullName));
}
