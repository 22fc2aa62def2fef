using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory;

/// <summary>Cards that the network of an installed machine is made of, and that the machine did not report to have.</summary>
internal static class UnknownCards
{
    /// <summary>A card may be put in later, so it is a warning.</summary>
    /// <param name="records">As far as there are some: a machine that never booted here reported nothing.</param>
    public static IEnumerable<Problem> Of(ClusterDescription cluster, IEnumerable<NodeRecord> records)
    {
        var reported = records.Where(record => record.Facts is { Nics.Count: > 0 })
            .ToDictionary(record => record.Mac, record => record.Facts!.Nics.Select(nic => nic.Mac).ToHashSet());
        return from described in cluster.Nodes.Index()
               let node = described.Item
               where reported.ContainsKey(node.Mac) && node.InstalledNetwork is not null
               let network = node.InstalledNetwork!
               from card in network.Links
               where card.Mac is { } mac && !reported[node.Mac].Contains(mac)
               let cards = string.Join(", ", reported[node.Mac].OrderBy(known => known.Value))
               let part = network.OwnerOf(card) is { } owner ? $", of which {owner.Name} is made" : ""
               select Problem.Warning(
                   $"nodes[{described.Index}].network.links",
                   $"{node.HostName} has no card {card.Mac} by what it last reported ({cards}), and that is {card.Name}{part}: "
                       + "look for a slip, or for a card without a driver in the live system");
    }
}
