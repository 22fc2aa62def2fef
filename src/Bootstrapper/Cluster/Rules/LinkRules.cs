using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>Of what the links of installed machines are made.</summary>
internal static class LinkRules
{
    /// <summary>What a link of one kind alone can have, by kind.</summary>
    private static readonly (Key Key, string Of, Func<LinkKind, bool> Fits)[] Particular =
    [
        (LinkKeys.Mac, "a card", kind => kind == LinkKind.Card),
        (LinkKeys.Members, "a bond or a bridge", kind => kind is LinkKind.Bond or LinkKind.Bridge),
        (LinkKeys.Parent, "a vlan", kind => kind == LinkKind.Vlan),
        (LinkKeys.Vlan, "a vlan", kind => kind == LinkKind.Vlan),
        (LinkKeys.SpanningTree, "a bridge", kind => kind == LinkKind.Bridge),
        .. LinkKeys.OfBonds.Select(key => (key, "a bond", (Func<LinkKind, bool>)(kind => kind == LinkKind.Bond))),
    ];

    public static IEnumerable<Problem> NamesAreUnique(Draft draft) => Once(
        LinkDraft.Of(draft).SelectMany(machine => Unique.Problems(
            machine.Links.Links.Select(link => link.Given(LinkKeys.Name)).DistinctBy(name => name?.Path, StringComparer.Ordinal)))
        .Concat(draft.Profiles.SelectMany(profile => Unique.Problems(
            InstalledNetwork.LinksIn(profile).Select(link => link.Given(LinkKeys.Name))))));

    public static IEnumerable<Problem> KeysFitTheKind(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        where link.Given(LinkKeys.Kind) is not null || !link.Has(LinkKeys.Kind)
        let kind = LinkDraft.KindOf(link)
        from particular in Particular
        let place = link.PlaceOf(particular.Key)
        where place is not null && !particular.Fits(kind)
        select place.Error($"belongs to {particular.Of}, and {LinkDraft.NameOf(link)} is a {Word(kind)}"
            + (link.Has(LinkKeys.Kind) ? "" : ": write its kind")));

    public static IEnumerable<Problem> CardsAreKnownByTheirAddresses(Draft draft) =>
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        let name = link.Given(LinkKeys.Name)
        where name is not null
        let problem = name.Value == Link.Boot ? BootFault(link) : CardFault(link, name, machine.Links)
        where problem is not null
        select problem;

    /// <summary>One card is in one machine, and is one card of it.</summary>
    public static IEnumerable<Problem> CardsAreUnique(Draft draft)
    {
        var macs = draft.Nodes.Select(node => node.Own.Given(NodeKeys.Mac)).OfType<Stated<MacAddress>>()
            .DistinctBy(mac => mac.Value);
        var cards = LinkDraft.Of(draft).SelectMany(machine =>
            machine.Links.Links.Select(link => link.Given(LinkKeys.Mac)).Where(mac => mac?.Value != machine.Links.Mac?.Value));
        return Once(Unique.Problems(macs.Concat(cards)));
    }

    public static IEnumerable<Problem> BondsAndVlansAreWhole(Draft draft) =>
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        from key in NeededBy(LinkDraft.KindOf(link))
        where !link.Has(key) || (key is ListKey<string> list && link.PlaceOf(key) is Stated<IReadOnlyList<Stated<string>>> given
            && given.Value.Count == 0 && link.List(list).Count == 0)
        select machine.Links.Error(
            link,
            $"a {Word(LinkDraft.KindOf(link))} needs the key {key.Name}",
            $"needs the key {key.Name} for {LinkDraft.NameOf(link)}, of which {link.Path} does not say it");

    public static IEnumerable<Problem> LinksAreMadeOfOthers(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        from below in LinkDraft.Below(link)
        let problem = Missing(machine.Links, below) ?? Misfit(machine.Links, link, below)
        where problem is not null
        select problem);

    public static IEnumerable<Problem> MembersAreInOneLink(Draft draft) => Once(
        LinkDraft.Of(draft).SelectMany(machine => Unique.Problems(
            machine.Links.Links.SelectMany(link => link.List(LinkKeys.Members))
                .DistinctBy(member => member.Path, StringComparer.Ordinal))));

    public static IEnumerable<Problem> LinksAreNotMadeOfThemselves(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        let name = LinkDraft.NameOf(link)
        where LinkDraft.Below(link).All(below => below.Value != name)
            && InstalledNetwork.IsMadeOfItself(name, machine.Links.Below)
        let way = string.Join(", ", LinkDraft.Below(link).Select(below => below.Value))
        select link.Error($"{name} is made of itself, by way of {way}"));

    /// <summary>Of two with one number the kernel refuses the second.</summary>
    public static IEnumerable<Problem> VlansAreUniqueOnTheirParents(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from vlans in machine.Links.Links.Where(link => link.Given(LinkKeys.Vlan) is not null)
            .DistinctBy(link => link.Given(LinkKeys.Vlan)!.Path, StringComparer.Ordinal)
            .GroupBy(link => link.Given(LinkKeys.Parent)?.Value, StringComparer.Ordinal)
        where vlans.Key is not null
        from problem in Unique.Problems(vlans.Select(link => link.Given(LinkKeys.Vlan)))
        select problem with { Message = $"{problem.Message}, on {vlans.Key}" });

    /// <summary>The kernel passes what a member receives to its owner.</summary>
    public static IEnumerable<Problem> MembersHaveNoNetwork(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        let owner = machine.Links.OwnerOf(LinkDraft.NameOf(link))
        where owner is not null
        let ofBond = LinkDraft.KindOf(owner) == LinkKind.Bond
        from key in ofBond ? [.. LinkKeys.OfNetwork, LinkKeys.Mtu] : LinkKeys.OfNetwork
        let place = link.PlaceOf(key)
        where place is not null && place is not Stated<bool> { Value: false }
        select place.Error($"belongs to {LinkDraft.NameOf(owner)}: {LinkDraft.NameOf(link)} is a member of that"));

    public static IEnumerable<Problem> VlansAreNotOverMembersOfBonds(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        let parent = link.Given(LinkKeys.Parent)
        where parent is not null
        let bond = machine.Links.OwnerOf(parent.Value)
        where bond is not null && LinkDraft.KindOf(bond) == LinkKind.Bond
        select parent.Error($"{parent.Value} is a member of {LinkDraft.NameOf(bond)}: name that"));

    public static IEnumerable<Problem> PacketsFit(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from link in machine.Links.Links
        let mtu = link.Given(LinkKeys.Mtu)
        where mtu is not null
        from below in LinkDraft.Below(link)
        where LinkDraft.KindOf(link) != LinkKind.Bond && machine.Links.Has(below.Value)
        let most = machine.Links.Find(below.Value)?.Given(LinkKeys.Mtu)?.Value ?? UsualMtu
        where mtu.Value > most
        select mtu.Error($"{mtu.Value} is more than {below.Value} carries, {most}: write mtu there, too"));

    public static IEnumerable<Problem> KeysFitTheMode(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        from bond in machine.Links.Links
        where LinkDraft.KindOf(bond) == LinkKind.Bond && bond.Get(LinkKeys.Mode) is not null
        let mode = bond.Get(LinkKeys.Mode)!.Value
        from key in new (Key Key, bool Fits)[]
        {
            (LinkKeys.LacpRate, mode == LinkKeys.Lacp),
            (LinkKeys.HashPolicy, mode is LinkKeys.Lacp or "balance-xor" or "balance-tlb"),
        }
        let place = bond.PlaceOf(key.Key)
        where place is not null && !key.Fits
        select place.Warning($"is ignored: {LinkDraft.NameOf(bond)} has the mode {mode}"));

    /// <summary>Of our own templates the machines' configs have it, and of the operator's where they say so.</summary>
    public static IEnumerable<Problem> LinksAreTold(Draft draft) => Once(
        from machine in LinkDraft.Of(draft)
        let template = machine.Node.Whole!.Given(TraitKeys.Template)
        where template is not null && Traits.IsIgnition(template.Value)
        select template.Warning("is an Ignition config of your own: what network.links says is not told to the machine, unless "
            + "that writes NetworkFiles"));

    private const int UsualMtu = 1500;

    private static Problem? BootFault(Section link) =>
        LinkDraft.KindOf(link) != LinkKind.Card
            ? link.PlaceOf(LinkKeys.Kind)!.Error("boot is the card that the machine boots from: give this another name")
        : link.PlaceOf(LinkKeys.Mac)?.Error("boot is the card with the node's mac: leave it out");

    private static Problem? CardFault(Section link, Stated<string> name, LinkDraft links) =>
        LinkDraft.KindOf(link) != LinkKind.Card || IsNotOnlyCard(link) ? null
        : !link.Has(LinkKeys.Mac) ? links.Error(
            name,
            $"needs mac: {name.Value} is a card, and nothing else tells which",
            $"needs the mac of {name.Value}, the card that {name.Path} names: write it in network.links")
        : link.Given(LinkKeys.Mac) is { } mac && mac.Value == links.Mac?.Value
            ? mac.Error("is the node's mac: that card is called boot")
        : null;

    /// <summary>Where its kind is wrong or forgotten: that is told.</summary>
    private static bool IsNotOnlyCard(Section link) =>
        (link.Has(LinkKeys.Kind) && link.Given(LinkKeys.Kind) is null)
        || Array.Exists(Particular, particular => link.Has(particular.Key) && !particular.Fits(LinkKind.Card));

    private static IEnumerable<Key> NeededBy(LinkKind kind) => kind switch
    {
        LinkKind.Bond => [LinkKeys.Members],
        LinkKind.Vlan => [LinkKeys.Parent, LinkKeys.Vlan],
        _ => [],
    };

    private static Problem? Missing(LinkDraft links, Stated<string> below) => links.Has(below.Value) ? null : links.Error(
        below,
        $"there is no link {below.Value}" + (Spelling.Nearest(below.Value, links.Names.Append(Link.Boot)) is { } guess
            ? $"; did you mean {guess}?"
            : ": describe it in network.links, a card by its mac"),
        $"has no link {below.Value}, which {below.Path} names: describe it in network.links, a card by its mac");

    private static Problem? Misfit(LinkDraft links, Section link, Stated<string> below)
    {
        var (kind, other) = (LinkDraft.KindOf(link), links.KindOf(below.Value));
        return below.Value == LinkDraft.NameOf(link) ? below.Error($"{below.Value} cannot be made of itself")
            : kind == LinkKind.Bond && other != LinkKind.Card
                ? below.Error($"{below.Value} is a {Word(other)}: a bond is of cards")
            : kind == LinkKind.Bridge && other == LinkKind.Bridge ? below.Error($"{below.Value} is a bridge, too")
            : kind == LinkKind.Vlan && other == LinkKind.Vlan ? below.Error($"{below.Value} is a vlan, too")
            : null;
    }

    private static string Word(LinkKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What a profile says of five hundred machines is one thing to know.</summary>
    internal static IEnumerable<Problem> Once(IEnumerable<Problem> problems) => problems.Distinct();
}
