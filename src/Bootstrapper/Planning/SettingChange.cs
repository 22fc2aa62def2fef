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
    /// Who is let in, who is trusted, and who is given secrets. A BMC's section says to whom its password is sent.
    /// </summary>
    private static readonly Key[] OfSecurity =
    [
        ClusterKeys.Secrets, ClusterKeys.OperatorsFrom, ClusterKeys.RegistryPush, ClusterKeys.UnknownNodes,
        ClusterKeys.SshAuthorizedKeys, ClusterKeys.Bmc, OsKeys.SigningKey,
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
            var changes = were.GetValueOrDefault(name) is { } was && are.GetValueOrDefault(name) is { } profile
                ? Of($"{path}.", ProfileKeys.All.Keys, was, profile)
                : [new SettingChange(path, null, null)];
            foreach (var change in changes)
            {
                yield return change;
            }
        }
    }

    /// <summary>Those that come and go are told as nodes.</summary>
    private static IEnumerable<SettingChange> OfNodes(Section old, Section now, Func<MacAddress, bool> isChanged)
    {
        var were = old.Sections(ClusterKeys.Nodes).DistinctBy(node => node.Value(NodeKeys.Mac))
            .ToDictionary(node => node.Value(NodeKeys.Mac));
        return
            from node in now.Sections(ClusterKeys.Nodes)
            let mac = node.Value(NodeKeys.Mac)
            let was = were.GetValueOrDefault(mac)
            where was is not null
            from change in Of(
                $"{ClusterKeys.Nodes.Name}.{node.Given(NodeKeys.HostName)?.Value ?? mac.ToHyphenated()}.",
                isChanged(mac) ? OfNoFile : NodeKeys.All.Keys,
                was,
                node)
            select change;
    }

    private static IEnumerable<SettingChange> Of(string prefix, IEnumerable<Key> keys, Section old, Section now) =>
        from key in keys
        from difference in key.Differences(old, now)
        select new SettingChange($"{prefix}{difference.Path}", difference.Before, difference.After);

    private static Dictionary<string, Section> Profiles(Section cluster) => cluster.Sections(ClusterKeys.Profiles)
        .DistinctBy(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal)
        .ToDictionary(profile => profile.Value(ProfileKeys.Name), StringComparer.Ordinal);
}
