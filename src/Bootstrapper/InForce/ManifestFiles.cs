using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Manifests;
using Bootstrapper.Host;

namespace Bootstrapper.InForce;

/// <summary>The Kubernetes objects that the operator brings for what connects pods.</summary>
internal static partial class ManifestFiles
{
    /// <summary>In bytes. The largest that are known, definitions of custom resources, have half of it.</summary>
    private const long Largest = 4 << 20;

    private static readonly string[] Endings = [".yaml", ".yml"];

    /// <summary>Of the network that the description names.</summary>
    /// <returns>What is wrong with them, where they cannot be taken as they are.</returns>
    public static (IReadOnlyList<Manifest> Manifests, IReadOnlyList<Problem> Problems) In(
        Bsroot bsroot, ClusterDescription cluster) =>
        Read(
            cluster,
            FilesBelow.Of(bsroot.Manifests).Select(path => Path.GetRelativePath(bsroot.Manifests, path)),
            name => BoundedFile.ReadText(Path.Combine(bsroot.Manifests, name), Largest));

    /// <param name="names">Relative to <c>manifests/</c>.</param>
    /// <param name="textOf">What is in one of them.</param>
    public static (IReadOnlyList<Manifest> Manifests, IReadOnlyList<Problem> Problems) Read(
        ClusterDescription cluster, IEnumerable<string> names, Func<string, string> textOf)
    {
        if (cluster.Kubernetes.CniFolder is not { } folder)
        {
            return ([], []);
        }

        var read = names.Where(name => IsIn(folder, name)).Order(StringComparer.Ordinal)
            .Select(name => Read(name, textOf)).ToList();
        return read.Count > 0
            ? ([.. read.Select(file => file.Manifest).OfType<Manifest>()], [.. read.SelectMany(file => file.Problems)])
            : ([], [Missing(folder)]);
    }

    /// <summary>Not below it: each file has a name of its own on nodes.</summary>
    private static bool IsIn(string folder, string name) =>
        Path.GetDirectoryName(name) == folder && Endings.Contains(Path.GetExtension(name), StringComparer.Ordinal);

    private static (Manifest? Manifest, IReadOnlyList<Problem> Problems) Read(string name, Func<string, string> textOf)
    {
        if (!Fit().IsMatch(Path.GetFileName(name)))
        {
            return (null, [Wrong(
                Printable.Escaped(name), "nodes have it under its name, which may hold letters, digits, dots, - and _ alone")]);
        }

        try
        {
            return ManifestReader.Read(name, textOf(name));
        }
        catch (NotUtf8Exception e)
        {
            return (null, [Wrong(name, e.Reason) with { Position = new Position(e.Line, e.Column) }]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [Wrong(name, $"cannot be read: {e.Message}")]);
        }
    }

    private static Problem Wrong(string name, string message) =>
        Problem.Error("", message) with { File = $"{ManifestReader.Folder}{name}" };

    private static Problem Missing(string folder) => Problem.Error(
        $"kubernetes.{KubernetesKeys.Cni.Name}",
        $"no objects for {folder}: put its .yaml files into {ManifestReader.Folder}{folder}/ in the data root");

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z")]
    private static partial Regex Fit();
}
