using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Engine;

namespace Bootstrapper.InForce;

/// <summary>Reads the operator's templates from the data root.</summary>
internal static class TemplateFiles
{
    /// <summary>In bytes. What is larger was put there by mistake.</summary>
    private const long Largest = 1 << 20;

    /// <summary>
    /// All of <c>templates/</c>; and from the data root itself, where sextant and pxe_coreos had theirs, what
    /// <paramref name="cluster"/> may ask for.
    /// </summary>
    /// <remarks>
    /// A directory in the place of one, as docker makes it where the file that it is to mount is missing, is no reason to go on
    /// with the template that is built in.
    /// </remarks>
    /// <exception cref="IOException">The directory of templates cannot be read.</exception>
    public static IReadOnlyList<TemplateFile> In(Bsroot bsroot, ClusterDescription cluster)
    {
        var names = Names(bsroot.Templates).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. names.Select(name => Read(name, Path.Combine(bsroot.Templates, name))),
            .. from name in InRoot(cluster)
               where !names.Contains(name)
               let path = Array.Find([Path.Combine(bsroot.Templates, name), bsroot.Edited(name)], Path.Exists)
               where path is not null
               select Read(name, path),
        ];
    }

    /// <summary>Names of templates that are looked for in the data root itself.</summary>
    public static IReadOnlySet<string> InRoot(ClusterDescription cluster) =>
        TemplateSet.BuiltInNames
            .Concat(cluster.Nodes.SelectMany(node => new[] { node.Template, node.Generic }).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string directory) => FilesBelow.Objection(directory) is { } objection
        ? throw new IOException($"{directory} {objection}")
        : FilesBelow.Of(directory).Select(path => Path.GetRelativePath(directory, path));

    /// <summary>The template language passes over a NUL, and no reader of configs takes one.</summary>
    private static TemplateFile Of(string name, string text) => text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul
        ? new TemplateFile(name, Text: "")
        {
            Fault = "has a NUL, a character that nothing reads: remove it",
            FaultAt = SourceText.PositionAt(text, nul),
        }
        : new TemplateFile(name, text);

    private static TemplateFile Read(string name, string path)
    {
        try
        {
            return Directory.Exists(path) ? new TemplateFile(name, Text: "") { Fault = Utf8File.IsDirectory }
                : new FileInfo(path).Length > Largest
                ? new TemplateFile(name, Text: "") { Fault = "is larger than 1 MiB, the limit for a template" }
                : Of(name, BoundedFile.ReadText(path, Largest));
        }
        catch (NotUtf8Exception e)
        {
            return new TemplateFile(name, Text: "") { Fault = e.Reason, FaultAt = new Position(e.Line, e.Column) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new TemplateFile(name, Text: "") { Fault = $"cannot be read: {e.Message}" };
        }
    }
}
