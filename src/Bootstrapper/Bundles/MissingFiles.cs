using Bootstrapper.Cluster;
using Bootstrapper.Matchbox;

namespace Bootstrapper.Bundles;

/// <summary>
/// Files of the operator's that the description or a matchbox directory names, and that machines will ask us for in vain. Whether
/// a bundle is whole is another question: there, all that any config names counts.
/// </summary>
internal static class MissingFiles
{
    private const string Installation = "no machine can be installed before it is there";

    private static readonly Claim Boot = new("", "");

    public static IEnumerable<Problem> Of(ClusterDescription cluster, MatchboxReading matchbox, Bsroot bsroot) =>
        OfInstallation(cluster, bsroot).Concat(OfNodes(cluster, bsroot)).Concat(
            from demand in MatchboxDemands.Of(cluster, matchbox).All.DistinctBy(demand => (demand.Name, demand.By.Document))
            where demand.By.Document.StartsWith($"{BundlePath.Matchbox}profiles/", StringComparison.Ordinal)
            where IsMissing(demand, bsroot)
            select Problem.Warning("", $"{demand.Name} is missing, which the profile boots") with { File = demand.By.Document });

    private static IEnumerable<Problem> OfInstallation(ClusterDescription cluster, Bsroot bsroot)
    {
        if (cluster.Os.Image is { } image && !File.Exists(bsroot.At($"{BundlePath.Www}{image.Path}")))
        {
            yield return Problem.Warning("os.image", $"{BundlePath.Www}{image.Path} is missing: {Installation}");
        }

        if (cluster.Os is { Image: null, SigningKey: { } key } && !File.Exists(bsroot.At($"{BundlePath.SigningKeys}{key}")))
        {
            yield return Problem.Warning("os.signing_key", $"{BundlePath.SigningKeys}{key} is missing: {Installation}");
        }
    }

    /// <summary>Each file once, by the name that the description has for it.</summary>
    private static IEnumerable<Problem> OfNodes(ClusterDescription cluster, Bsroot bsroot) =>
        from file in cluster.Nodes.SelectMany(node => node.Boot is { } boot ? boot.Initrd.Prepend(boot.Kernel) : [])
            .Distinct(StringComparer.Ordinal)
        where !file.Contains("://", StringComparison.Ordinal)
        from demand in TextDemands.OfFile(NamedUrl.OfPath(file), Boot)
        where IsMissing(demand, bsroot)
        select Problem.Warning("", $"{demand.Name} is missing, which machines boot") with { File = file };

    /// <summary>Assets lie in either of two places.</summary>
    private static bool IsMissing(Demand demand, Bsroot bsroot) =>
        demand.Kind == DemandKind.File && !File.Exists(bsroot.At(demand.Name))
        && !(demand.Name.StartsWith(BundlePath.MatchboxAssets, StringComparison.Ordinal)
            && File.Exists(bsroot.At(BundlePath.Www + demand.Name[BundlePath.Matchbox.Length..])));
}
