using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>Reads the description and the templates, and tries them on every node before anything is served from them.</summary>
internal static class SnapshotLoader
{
    /// <param name="descriptionPath">Usually <see cref="Bsroot.Description"/>.</param>
    /// <exception cref="IOException">The description cannot be read.</exception>
    public static LoadResult Load(Bsroot bsroot, string descriptionPath)
    {
        var stamp = WatchedFiles.Stamp(bsroot);
        var text = File.ReadAllText(descriptionPath);
        var read = ClusterDescriptionReader.Read(
            text, EnrolledNodes.Read(bsroot), File.Exists(bsroot.PxeHosts) ? File.ReadAllText(bsroot.PxeHosts) : null);
        if (read.Cluster is null)
        {
            return new LoadResult(null, read.Problems, read.Locate);
        }

        var templates = TemplateSet.Of(TemplateFiles.In(bsroot, read.Cluster));
        var snapshot = new Snapshot(read.Cluster, bsroot, templates) { Stamp = stamp, Text = text, Warnings = read.Problems };
        var mistakes = snapshot.Check();
        return new LoadResult(mistakes.Count == 0 ? snapshot : null, [.. read.Problems, .. mistakes], read.Locate);
    }
}

/// <summary>A snapshot when there were no errors; warnings come with it.</summary>
/// <param name="Locate">Adds line and column to a problem that is found in the description later.</param>
internal sealed record LoadResult(Snapshot? Snapshot, IReadOnlyList<Problem> Problems, Func<Problem, Problem> Locate);
