using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Planning;

/// <summary>
/// A key that says something else than before. No file that is rendered shows all of them: who may have secrets, or push images,
/// is the bootstrapper's own business.
/// </summary>
/// <param name="Path">Such as <c>registry_push</c>, <c>profiles.worker.wipe</c> or <c>nodes.n2.bmc</c>.</param>
/// <param name="Before">As it is written; <c>null</c> for what is no word of a few.</param>
internal sealed record SettingChange(string Path, string? Before, string? After)
{
    /// <summary>
    /// Who is let in, who is trusted, and who is given secrets. A BMC's section says to whom its password is sent, and a network
    /// whose leases speak for nodes.
    /// </summary>
    private static readonly Key[] OfSecurity =
    [
        ClusterKeys.Secrets, ClusterKeys.OperatorsFrom, ClusterKeys.RegistryPush, ClusterKeys.UnknownNodes,
        ClusterKeys.Networks, ClusterKeys.SshAuthorizedKeys, ClusterKeys.Bmc, OsKeys.SigningKey,
    ];

    /// <summary>What no file of a node has, so that it is told of nodes that are given other files, too.</summary>
    private static readonly Key[] OfNoFile = [TraitKeys.Wipe, TraitKeys.Bmc];

    public bool IsOfSecurity => Path.Split('.') is var names
        && OfSecurity.Any(key => names.Contains(key.Name, StringComparer.Ordinal));

    /// <param name="isChanged">Whether a node is given other files anyway.</param>
    /// <returns>In the order of the documentation: the cluster's, the profiles', the nodes'.</returns>
    public static IReadOnlyList<SettingChange> Between(string before, string after, Func<MacAddress, bool> isChanged)
    {
        if (before == after)
        {
            return [];
        }

        var (old, now) = (ClusterDescriptionReader.ReadKeys(before), ClusterDescriptionReader.ReadKeys(after));
        return
        [
            .. Of("", ClusterKeys.All.Keys.Where(key => key != ClusterKeys.Profiles && key != ClusterKeys.Nodes), old, now),
            .. OfProfiles(old, now),
            .. OfNodes(old, now, isChanged),
        ];
    }

    private static IEnumerable<SettingChange> OfProfiles(Section old, Section now)
    {
        var (were, are) = (Profiles(old), Profiles(now));
        foreach (var name in were.Keys.Union(are.Keys, StringComparer.Ordinal))
        {
            var path = $"{ClusterKeys.Profiles.Name}.{name}";
            var (was, profile) = (were.GetValueOrDefault(name), are.GetValueOrDefault(name));
            var within = Of($"{path}.", ProfileKeys.All.Keys, was ?? Section.None, profile ?? Section.None);
            foreach (var change in was is not null && profile is not null
                ? within
                : [new SettingChange(path, null, null), .. within.Where(change => change.IsOfSecurity)])
            {
                yield return change;
            }
        }
    }

    /// <summary>
    /// Those that come and go are told as nodes, but for the BMC of one that comes: the password that others have is sent there.
    /// </summary>
    private static IEnumerable<SettingChange> OfNodes(Section old, Section now, Func<MacAddress, bool> isChanged)
    {
        var were = old.Sections(ClusterKeys.Nodes).DistinctBy(node => node.Value(NodeKeys.Mac))
            .ToDictionary(node => node.Value(NodeKeys.Mac));
        var (profilesWere, profilesAre) = (Profiles(old), Profiles(now));
        return
            from node in now.Sections(ClusterKeys.Nodes)
            let mac = node.Value(NodeKeys.Mac)
            let was = were.GetValueOrDefault(mac)
            let isMoved = was is not null && was.Given(NodeKeys.Profile)?.Value != node.Given(NodeKeys.Profile)?.Value
            from change in Of(
                $"{ClusterKeys.Nodes.Name}.{node.Given(NodeKeys.HostName)?.Value ?? mac.ToHyphenated()}.",
                was is null ? [TraitKeys.Bmc] : isChanged(mac) ? OfNoFile : NodeKeys.All.Keys,
                was is null ? Section.None : isMoved ? Whole(was, profilesWere) : was,
                isMoved ? Whole(node, profilesAre) : node)
            select change;
    }

    /// <summary>With what its profile says.</summary>
    private static Section Whole(Section node, Dictionary<string, Section> profiles) =>
        node.Given(NodeKeys.Profile) is { } name && profiles.GetValueOrDefault(name.Value) is { } profile
            ? node.Over(profile, TraitKeys.All)
            : node;

    private static IEnumerable<SettingChange> Of(string prefix, IEnumerable<Key> keys, Section old, Section now) =>
        from key in keys
        from difference in key.Differences(old, now)
        select new SettingChange($"{prefix}{difference.Path}", difference.Before, difference.After);

    private static Dictionary<string, Section> Profiles(Section cluster) => cluster.Sections(ClusterKeys.Profiles)
        .DistinctBy(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal)
        .ToDictionary(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal);
}
