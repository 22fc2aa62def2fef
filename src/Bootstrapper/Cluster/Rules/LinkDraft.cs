using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The links of one machine as far as they could be read.</summary>
/// <param name="Owner">The node's own section, where problems are shown that lie in what it does not say.</param>
/// <param name="Mac">Of the card that it boots from, where that could be read.</param>
internal sealed record LinkDraft(Section Owner, Stated<MacAddress>? Mac, IReadOnlyList<Section> Links)
{
    private readonly Lazy<Dictionary<string, Section>> _byName = new(() =>
        Links.Where(link => link.Given(LinkKeys.Name) is not null)
            .DistinctBy(link => link.Value(LinkKeys.Name), StringComparer.Ordinal)
            .ToDictionary(link => link.Value(LinkKeys.Name), StringComparer.Ordinal));

    public IEnumerable<string> Names => _byName.Value.Keys;

    /// <summary>Of every node that has some.</summary>
    public static IEnumerable<(LinkDraft Links, NodeDraft Node)> Of(Draft draft) =>
        from node in draft.Nodes
        where node.Whole is not null
        let links = InstalledNetwork.LinksIn(node.Whole!)
        where links.Count > 0
        select (new LinkDraft(node.Own, node.Own.Given(NodeKeys.Mac), links), node);

    public static string NameOf(Section link) => link.Given(LinkKeys.Name)?.Value ?? "";

    public static LinkKind KindOf(Section link) => link.Value(LinkKeys.Kind);

    /// <summary>Those that a link is made of.</summary>
    public static IEnumerable<Stated<string>> Below(Section link) =>
        link.Given(LinkKeys.Parent) is { } parent ? link.List(LinkKeys.Members).Append(parent) : link.List(LinkKeys.Members);

    /// <summary>Likewise, by name; none of what is not described.</summary>
    public IEnumerable<string> Below(string name) =>
        Find(name) is { } link ? Below(link).Select(below => below.Value) : [];

    public Section? Find(string name) => _byName.Value.GetValueOrDefault(name);

    /// <summary>Whether there is such a link: <see cref="Link.Boot"/> need not be described.</summary>
    public bool Has(string name) => name == Link.Boot || Find(name) is not null;

    /// <summary>A card, where nothing else is said of it.</summary>
    public LinkKind KindOf(string name) => Find(name) is { } link ? KindOf(link) : LinkKind.Card;

    /// <summary>The bond or bridge that a link is a member of.</summary>
    public Section? OwnerOf(string name) =>
        Links.FirstOrDefault(link => link.List(LinkKeys.Members).Any(member => member.Value == name));

    /// <summary>As <see cref="InstalledNetwork.Main"/>.</summary>
    public string Main
    {
        get
        {
            var name = Link.Boot;
            for (var steps = 0; steps <= Links.Count && OwnerOf(name) is { } owner; steps++)
            {
                name = NameOf(owner);
            }

            return name;
        }
    }

    /// <summary>Whether the node says something itself, and no profile.</summary>
    public bool IsOwn(Place place) => place.Path.StartsWith(Owner.Path, StringComparison.Ordinal);

    /// <summary>At the node where it is its own, or lacks what its profile wants of it.</summary>
    public Problem Error(Place place, string own, string ofProfile) =>
        IsOwn(place) ? place.Error(own) : Owner.Error(ofProfile);
}
