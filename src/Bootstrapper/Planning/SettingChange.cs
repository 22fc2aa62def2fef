using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.InForce;

namespace Bootstrapper.Planning;

/// <summary>
/// A key that says something else than before. No file that is rendered shows all of them: who may have secrets, or push images,
/// is the bootstrapper's own business.
/// </summary>
/// <param name="Path">Such as <c>registry_push</c>, <c>profiles.worker.wipe</c> or <c>nodes.n2.bmc</c>.</param>
/// <param name="Before">As it is written; <c>null</c> for what is no word of a few.</param>
/// <param name="IsOfSecurity">Whether it says who is let in, who is trusted, or who is given secrets.</param>
internal sealed record SettingChange(string Path, string? Before, string? After, bool IsOfSecurity)
{
    /// <summary>
    /// A BMC's section says to whom its password is sent, and a network whose leases speak for nodes.
    /// </summary>
    private static readonly Key[] OfSecurity =
    [
        ClusterKeys.Secrets, ClusterKeys.OperatorsFrom, ClusterKeys.RegistryPush, ClusterKeys.UnknownNodes,
        ClusterKeys.Networks, ClusterKeys.SshAuthorizedKeys, ClusterKeys.Bmc, OsKeys.SigningKey,
    ];

    /// <summary>What no file of a node has, so that it is told of nodes that are given other files, too.</summary>
    private static readonly Key[] OfNoFile = [TraitKeys.Wipe, TraitKeys.Bmc];

    /// <param name="isChanged">Whether a node is given other files anyway.</param>
    /// <returns>In the order of the documentation: the cluster's, the profiles', the nodes'.</returns>
    public static IReadOnlyList<SettingChange> Between(Snapshot before, Snapshot after, Func<MacAddress, bool> isChanged)
    {
        if (before.Text == after.Text && before.Beside.PxeHosts == after.Beside.PxeHosts)
        {
            return [];
        }

        var (old, now) = (ClusterDescriptionReader.ReadKeys(before.Text), ClusterDescriptionReader.ReadKeys(after.Text));
        return
        [
            .. Of("", ClusterKeys.All.Keys.Where(key => key != ClusterKeys.Profiles && key != ClusterKeys.Nodes), old, now),
            .. OfProfiles(old, now),
            .. OfNodes(Nodes(old, before), Nodes(now, after), (Profiles(old), Profiles(now)), isChanged),
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
                : [new SettingChange(path, null, null, IsOfSecurity: false), .. within.Where(change => change.IsOfSecurity)])
            {
                yield return change;
            }
        }
    }

    /// <summary>
    /// Those that come and go are told as nodes, but for the BMC of one that comes: the password that others have is sent there.
    /// </summary>
    private static IEnumerable<SettingChange> OfNodes(
        IEnumerable<Section> old,
        IEnumerable<Section> now,
        (Dictionary<string, Section> Were, Dictionary<string, Section> Are) profiles,
        Func<MacAddress, bool> isChanged)
    {
        var were = old.DistinctBy(node => node.Value(NodeKeys.Mac)).ToDictionary(node => node.Value(NodeKeys.Mac));
        return
            from node in now
            let mac = node.Value(NodeKeys.Mac)
            let was = were.GetValueOrDefault(mac)
            let isMoved = was is not null && was.Given(NodeKeys.Profile)?.Value != node.Given(NodeKeys.Profile)?.Value
            from change in Of(
                $"{ClusterKeys.Nodes.Name}.{node.Given(NodeKeys.HostName)?.Value ?? mac.ToHyphenated()}.",
                was is null ? [TraitKeys.Bmc] : isChanged(mac) ? OfNoFile : NodeKeys.All.Keys,
                was is null ? Section.None : isMoved ? Whole(was, profiles.Were) : was,
                isMoved ? Whole(node, profiles.Are) : node)
            select change;
    }

    private static IEnumerable<Section> Nodes(Section description, Snapshot snapshot) =>
        description.Sections(ClusterKeys.Nodes).Concat(
            snapshot.Beside.PxeHosts is { } hosts ? PxeHosts.Read(hosts, description, []) : []);

    /// <summary>With what its profile says.</summary>
    private static Section Whole(Section node, Dictionary<string, Section> profiles) =>
        node.Given(NodeKeys.Profile) is { } name && profiles.GetValueOrDefault(name.Value) is { } profile
            ? node.Over(profile, TraitKeys.All)
            : node;

    private static IEnumerable<SettingChange> Of(string prefix, IEnumerable<Key> keys, Section old, Section now) =>
        from key in keys
        from difference in key.Differences(old, now)
        let isOfSecurity = difference.Path.Split('.').Any(name => OfSecurity.Any(known => known.Name == name))
        select new SettingChange($"{prefix}{difference.Path}", difference.Before, difference.After, isOfSecurity);

    private static Dictionary<string, Section> Profiles(Section cluster) => cluster.Sections(ClusterKeys.Profiles)
        .DistinctBy(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal)
        .ToDictionary(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal);
}
