using System.Text.RegularExpressions;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// A description as far as it could be read: what the rules look at, so that one misspelt value does not hide what
/// is wrong with the others. <c>null</c> anywhere means that there is nothing more to say about it.
/// </summary>
internal sealed partial record Draft
{
    public required NetworkDraft Network { get; init; }

    public required DhcpDraft Dhcp { get; init; }

    public required OperatingSystemDraft Os { get; init; }

    public required KubernetesDraft Kubernetes { get; init; }

    public required IReadOnlyList<string> SshAuthorizedKeys { get; init; }

    public required IReadOnlyDictionary<string, string> Images { get; init; }

    public required Stated<BootLoader>? BootLoader { get; init; }

    public required Stated<UnknownNodes>? UnknownNodes { get; init; }

    public required Stated<SecretsPolicy>? Secrets { get; init; }

    public required IReadOnlyList<ProfileDraft> Profiles { get; init; }

    public required IReadOnlyList<NodeDraft> Nodes { get; init; }

    /// <summary>Where problems are shown that lie in no entry: the lists as wholes, or the file that has neither.</summary>
    public required Stated<string> Machines { get; init; }

    /// <summary>Whether every role could be read: if not, to miss one may be a consequence.</summary>
    public required bool RolesAreClear { get; init; }

    /// <summary>Whether every profile has a name that could be read: if not, to miss one may be a consequence.</summary>
    public required bool ProfilesAreClear { get; init; }

    public static Draft Read(YamlMap map, Findings findings)
    {
        var profiles = map.Sections(ClusterKeys.Profiles).Select(ProfileDraft.Read).ToList();
        var nodes = map.Sections(ClusterKeys.Nodes).Select(node => NodeDraft.Read(node, findings)).ToList();
        return new Draft
        {
            Network = NetworkDraft.Read(map, findings),
            Dhcp = DhcpDraft.Read(map, findings),
            Os = OperatingSystemDraft.Read(map),
            Kubernetes = KubernetesDraft.Read(map, findings),
            SshAuthorizedKeys = [.. map.Lines(ClusterKeys.SshAuthorizedKeys).Select(key => key.Value)],
            Images = map.Table(ClusterKeys.Images),
            BootLoader = map.Get(ClusterKeys.BootLoader),
            UnknownNodes = map.Get(ClusterKeys.UnknownNodes),
            Secrets = map.Get(ClusterKeys.Secrets),
            Profiles = profiles,
            Nodes = nodes,
            Machines = map.Place(ClusterKeys.Nodes) ?? map.Place(ClusterKeys.Profiles) ?? map.Itself,
            RolesAreClear = !findings.HasErrorAt(DecidesRoles()),
            ProfilesAreClear = !findings.HasErrorAt(NamesProfiles()),
        };
    }

    /// <summary>The lists, their items, and the keys of an item that give it a role.</summary>
    [GeneratedRegex(
        @"^(nodes|profiles)(\[\d+\](\.(kube_master|etcd_member|profile|name))?)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex DecidesRoles();

    [GeneratedRegex(@"^profiles(\[\d+\](\.name)?)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamesProfiles();
}
