using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;

namespace Bootstrapper.Bundles;

/// <summary>The snapshot that a bootstrapper would serve from this content.</summary>
internal static class BundledSnapshot
{
    /// <summary>Where containers have it; rendered paths begin with it, and nothing is read from there.</summary>
    private static readonly Bsroot Anywhere = new("/bsroot");

    /// <returns>No snapshot where there are errors, which are told as an operator reads them.</returns>
    public static (Snapshot? Snapshot, IReadOnlyList<string> Problems) Of(IContent content)
    {
        if (content.ReadText(BundlePath.Description) is not { } text)
        {
            return (null, []);
        }

        var read = ClusterDescriptionReader.Read(text, enrolled: [], content.ReadText(BundlePath.PxeHosts));
        if (read.Cluster is not { } cluster)
        {
            return (null, Errors(read.Problems));
        }

        var (manifests, wrong) = ManifestFiles.Read(
            cluster,
            content.Files.Where(path => path.StartsWith(BundlePath.Manifests, StringComparison.Ordinal))
                .Select(path => path[BundlePath.Manifests.Length..]),
            name => content.ReadText(BundlePath.Manifests + name) ?? "");
        var snapshot = new Snapshot(
            cluster with { Manifests = manifests }, Anywhere, TemplateSet.Of(Templates(content, cluster)));
        var errors = Errors([.. wrong, .. snapshot.Check()]);
        return (errors.Count == 0 ? snapshot : null, errors);
    }

    private static List<string> Errors(IEnumerable<Problem> problems) =>
    [
        .. problems.Where(problem => problem.Severity == Severity.Error).Select(error => error.Format(BundlePath.Description)),
    ];

    /// <summary>As <see cref="TemplateFiles"/> finds them in a data root.</summary>
    private static IEnumerable<TemplateFile> Templates(IContent content, ClusterDescription cluster)
    {
        var inRoot = TemplateFiles.InRoot(cluster);
        return content.Files.Where(path => path.StartsWith(BundlePath.Templates, StringComparison.Ordinal))
            .Select(path => (Name: path[BundlePath.Templates.Length..], Path: path))
            .Concat(content.Files.Where(inRoot.Contains).Select(path => (Name: path, Path: path)))
            .DistinctBy(file => file.Name, StringComparer.Ordinal)
            .SelectMany(file => content.ReadText(file.Path) is { } text ? new[] { new TemplateFile(file.Name, text) } : []);
    }
}
