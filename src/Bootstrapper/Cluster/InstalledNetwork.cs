using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>
/// The network of the installed machine: its cards, known by their hardware addresses alone, and the bonds, bridges and VLANs
/// that are made of them. Names are the description's own.
/// </summary>
/// <param name="Links">
/// In file order, <see cref="Link.Boot"/> among them; each name that one of them has for another is there.
/// </param>
internal sealed record InstalledNetwork(IReadOnlyList<Link> Links)
{
    /// <summary>
    /// The one that holds the card that the machine boots from, untagged: that card, or the bond or bridge that it is in. Unless
    /// something else is said, it is what <see cref="Node.Ip"/> and the DHCP server's answer are for.
    /// </summary>
    public Link Main
    {
        get
        {
            var link = Named(Link.Boot);
            while (OwnerOf(link) is { } owner)
            {
                link = owner;
            }

            return link;
        }
    }

    /// <param name="node">With what its profile says.</param>
    /// <returns>
    /// <c>null</c> where nothing is said of links, and where they make no network, as for a machine that was enrolled by a
    /// command as a profile whose bond has several cards, or which no described node has: it keeps to DHCP until it is described.
    /// </returns>
    public static InstalledNetwork? Of(Section node)
    {
        var given = LinksIn(node);
        if (given.Count == 0)
        {
            return null;
        }

        IReadOnlyList<Link> links = [.. given.Select(link => new Link(link))];
        links = links.Any(link => link.Name == Link.Boot) ? links : [new Link { Name = Link.Boot }, .. links];
        var names = links.Where(link => link.Kind != LinkKind.Card || link.Mac is not null || link.Name == Link.Boot)
            .Select(link => link.Name).ToHashSet(StringComparer.Ordinal);
        var network = new InstalledNetwork(links);
        return links.SelectMany(link => link.Below.Append(link.Name)).All(names.Contains)
            && !links.Any(link => IsMadeOfItself(link.Name, name => network.Named(name).Below))
                ? network
                : null;
    }

    /// <summary>Whether a link is made of others and they, in the end, of it.</summary>
    /// <param name="below">Those that a link is made of.</param>
    public static bool IsMadeOfItself(string name, Func<string, IEnumerable<string>> below)
    {
        var (seen, left) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([name]));
        while (left.TryPop(out var link))
        {
            foreach (var inner in below(link).Where(seen.Add))
            {
                if (inner == name)
                {
                    return true;
                }

                left.Push(inner);
            }
        }

        return false;
    }

    /// <summary>Those that the node and its profile describe.</summary>
    public static IReadOnlyList<Section> LinksIn(Section node) =>
        node.Inner(TraitKeys.Network)?.Sections(InstalledNetworkKeys.Links) ?? [];

    /// <summary>The name of one of <c>networks</c>, where a node or a profile says it.</summary>
    public static Stated<string>? NameIn(Section traits) => traits.Inner(TraitKeys.Network)?.Given(InstalledNetworkKeys.Name);

    public Link Named(string name) => Links.First(link => link.Name == name);

    /// <summary>The bond or bridge that a link is a member of.</summary>
    public Link? OwnerOf(Link link) => Links.FirstOrDefault(owner => owner.Members.Contains(link.Name, StringComparer.Ordinal));

    /// <summary>
    /// The card whose hardware address a bond or a bridge is to have: the one that the machine boots from where it is below it,
    /// so that DHCP and we know the machine by it, or else its first; <c>null</c> for a bridge without members.
    /// </summary>
    public Link? CardOf(Link link)
    {
        var cards = CardsBelow(link).ToList();
        return cards.Find(card => card.Name == Link.Boot) ?? (cards.Count > 0 ? cards[0] : null);
    }

    private IEnumerable<Link> CardsBelow(Link link) =>
        link.Kind == LinkKind.Card ? [link] : link.Below.SelectMany(name => CardsBelow(Named(name)));
}

/// <summary>The section <c>network</c> of a node or a profile.</summary>
internal static class InstalledNetworkKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Name = All.Value("name", NameSyntax.NetworkName,
        "Name of the machine's network, of those in networks. Default: the one that its ip is in, else the first.");

    public static readonly SectionListKey Links = All.NamedSections("links", LinkKeys.Name, LinkKeys.All,
        "Cards of the installed machine by their MAC addresses, and the bonds, bridges and VLANs over them. A node and its "
            + "profile may each say some of one by its name. Default: every card by DHCP.");
}
