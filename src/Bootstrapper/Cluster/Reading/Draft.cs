using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// A description as far as it could be read: what the rules look at, so that one misspelt value does not hide what is wrong with
/// the others.
/// </summary>
internal sealed partial class Draft
{
    private readonly Dictionary<string, Section> _profiles;

    /// <param name="hosts">Those of pxe_coreos, which become nodes like the others.</param>
    /// <param name="findings">What reading the description has brought to light.</param>
    public Draft(Section cluster, IEnumerable<Section> hosts, Findings findings)
    {
        Cluster = cluster;
        Profiles = cluster.Sections(ClusterKeys.Profiles);
        _profiles = Profiles.Where(profile => profile.Given(ProfileKeys.Name) is not null)
            .DistinctBy(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal)
            .ToDictionary(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal);
        var named = cluster.Sections(ClusterKeys.Networks);
        Networks = cluster.Has(NetworkKeys.Subnet) || named.Count == 0 ? [cluster, .. named] : named;
        Nodes =
        [
            .. cluster.Sections(ClusterKeys.Nodes).Select(node => new NodeDraft(node, Whole(node))),
            .. hosts.Select(host => new NodeDraft(host, Whole(host), IsPxeHost: true)),
        ];
        RolesAreClear = !findings.HasErrorAt(DecidesRoles());
        ProfilesAreClear = !findings.HasErrorAt(NamesProfiles());
    }

    /// <summary>The top level, and the sections below it.</summary>
    public Section Cluster { get; }

    /// <summary>The top level, where it describes one, and the entries of <c>networks</c>.</summary>
    public IReadOnlyList<Section> Networks { get; }

    public IReadOnlyList<Section> Profiles { get; }

    public IReadOnlyList<NodeDraft> Nodes { get; }

    /// <summary>Where problems are shown that lie in no entry: the lists as wholes, or the file that has neither.</summary>
    public Place Machines => Cluster.PlaceOf(ClusterKeys.Nodes) ?? Cluster.PlaceOf(ClusterKeys.Profiles) ?? Cluster;

    /// <summary>Whether every role could be read: if not, to miss one may be a consequence.</summary>
    public bool RolesAreClear { get; }

    /// <summary>Whether every profile has a name that could be read: if not, to miss one may be a consequence.</summary>
    public bool ProfilesAreClear { get; }

    /// <summary>The description, where nothing is wrong.</summary>
    public ClusterDescription Complete() => new(Cluster)
    {
        Nodes = [.. Nodes.Select(node => new Node(node.Whole!) { HasDollarTemplate = node.IsPxeHost })],
    };

    /// <summary>The same for a node of which the file says nothing: all else comes from its profile.</summary>
    public Node Complete(EnrolledNode node)
    {
        var nothing = new Section(NodeKeys.All, new Place("", default), Cluster);
        return new Node(Over(nothing, node.Profile)!) { Mac = node.Mac, HostName = node.HostName, Profile = node.Profile };
    }

    private Section? Whole(Section node) => Over(node, node.Given(NodeKeys.Profile)?.Value);

    private Section? Over(Section node, string? profile) =>
        profile is null ? node
        : _profiles.TryGetValue(profile, out var found) ? node.Over(found, TraitKeys.All)
        : null;

    /// <summary>The lists, their items, and the keys of an item that give it a role.</summary>
    [GeneratedRegex(@"^(nodes|profiles)(\[\d+\](\.(kube_master|etcd_member|profile|name))?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DecidesRoles();

    [GeneratedRegex(@"^profiles(\[\d+\](\.name)?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex NamesProfiles();
}

/// <summary>A node as far as it could be read.</summary>
/// <param name="Own">What it says itself.</param>
/// <param name="Whole">With what its profile says; <c>null</c> when there is no such profile.</param>
/// <param name="IsPxeHost">Whether it stands in pxe_coreos' list of hosts.</param>
internal sealed record NodeDraft(Section Own, Section? Whole, bool IsPxeHost = false);
