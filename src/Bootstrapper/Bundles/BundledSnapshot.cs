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
        var snapshot = read.Cluster is null ? null : new Snapshot(read.Cluster, Anywhere, TemplateSet.Of(name => Template(content, name)));
        var problems = snapshot?.Check() ?? [.. read.Problems.Where(problem => problem.Severity == Severity.Error)];
        return (problems.Count == 0 ? snapshot : null, [.. problems.Select(problem => problem.Format(BundlePath.Description))]);
    }

    /// <summary>As <see cref="TemplateSet.Of(Bsroot)"/> finds them.</summary>
    private static string? Template(IContent content, string name) => content.ReadText($"{BundlePath.Templates}{name}") ?? content.ReadText(name);
}
