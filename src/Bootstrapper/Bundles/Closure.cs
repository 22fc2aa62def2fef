using Bootstrapper.InForce;
using Bootstrapper.Model;

namespace Bootstrapper.Bundles;

/// <summary>
/// Whether all is there that any rendered configuration of any node names, or any of a matchbox directory: nothing is missing
/// where there is no internet.
/// </summary>
/// <param name="Missing">One line for each thing, with who names it.</param>
/// <param name="Needs">Who needs which file.</param>
internal sealed record Closure(IReadOnlyList<string> Missing, Needs Needs)
{
    public static Closure Of(Snapshot snapshot, IContent content)
    {
        var images = ImageSupply.Of(content, Urls.Registry(snapshot.Cluster));
        var supply = new Supply(new ServedFiles(content), images);
        var needs = Needs.Of(snapshot.Cluster);
        var missing = new List<Demand>();
        var matchbox = MatchboxDemands.Of(snapshot.Cluster, content);
        foreach (var thing in new NodeDemands(snapshot, content).All().Concat(matchbox.All)
            .GroupBy(demand => (demand.Kind, demand.Name)))
        {
            if (supply.Find(thing.First()) is not { } files)
            {
                missing.AddRange(thing);
                continue;
            }

            foreach (var (file, demand) in from file in files from demand in thing select (file, demand))
            {
                needs.Add(file, demand.By);
            }
        }

        return new Closure([
            .. images.Problems,
            .. matchbox.Problems,
            .. Unknown(snapshot),
            .. missing.GroupBy(demand => (demand.Kind, demand.Name)).Select(Tell)], needs);
    }

    private static IEnumerable<string> Unknown(Snapshot snapshot) => ContainerImages.Unknown(snapshot.Cluster)
        .Select(part => $"images.{part}: no image is known for Kubernetes {snapshot.Cluster.Kubernetes.Version}: "
            + "name it in the description");

    private static string Tell(IGrouping<(DemandKind Kind, string Name), Demand> thing)
    {
        var by = Needs.Tell([.. thing.Select(demand => demand.By)]);
        return thing.Key.Kind switch
        {
            DemandKind.Image => $"the image {thing.Key.Name} is missing: needed by {by}; run 'bootstrapper fetch images'",
            DemandKind.ImagesBelow => $"there is no image below {thing.Key.Name}: needed by {by}",
            DemandKind.FilesBelow => $"there is nothing below {thing.Key.Name}: needed by {by}",
            DemandKind.Elsewhere => $"{thing.Key.Name} is not in the rack: needed by {by}",
            _ => $"{thing.Key.Name} is missing: needed by {by}",
        };
    }
}
