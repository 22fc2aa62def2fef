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
    public static IReadOnlyList<TemplateFile> In(Bsroot bsroot, ClusterDescription cluster) =>
    [
        .. Names(bsroot.Templates).Select(name => Read(name, Path.Combine(bsroot.Templates, name))),
        .. InRoot(cluster)
            .Where(name => File.Exists(bsroot.At(name)) && !File.Exists(Path.Combine(bsroot.Templates, name)))
            .Select(name => Read(name, bsroot.At(name))),
    ];

    /// <summary>Names of templates that are looked for in the data root itself.</summary>
    public static IReadOnlySet<string> InRoot(ClusterDescription cluster) =>
        TemplateSet.BuiltInNames
            .Concat(cluster.Nodes.SelectMany(node => new[] { node.Template, node.Generic }).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory, path))
        : [];

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
            return new FileInfo(path).Length > Largest
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
