using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>Reads the description and the templates, and tries them on every node before anything is served from them.</summary>
internal static class SnapshotLoader
{
    /// <param name="descriptionPath">Usually <see cref="Bsroot.Description"/>.</param>
    /// <exception cref="IOException">The description cannot be read.</exception>
    public static LoadResult Load(Bsroot bsroot, string descriptionPath)
    {
        var (cluster, problems) = ClusterDescriptionReader.Read(File.ReadAllText(descriptionPath));
        if (cluster is null)
        {
            return new LoadResult(null, problems);
        }

        var snapshot = new Snapshot(cluster, bsroot, TemplateSet.Of(bsroot));
        var mistakes = snapshot.Check();
        return new LoadResult(mistakes.Count == 0 ? snapshot : null, [.. problems, .. mistakes]);
    }
}

/// <summary>A snapshot when there were no errors; warnings come with it.</summary>
internal sealed record LoadResult(Snapshot? Snapshot, IReadOnlyList<Problem> Problems);
