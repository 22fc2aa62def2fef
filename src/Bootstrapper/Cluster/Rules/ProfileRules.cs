using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What nodes have in common.</summary>
internal static class ProfileRules
{
    public static IEnumerable<Problem> ProfileNamesAreUnique(Draft draft) =>
        Unique.Problems(draft.Profiles.Select(profile => profile.Given(ProfileKeys.Name)));

    public static IEnumerable<Problem> NodesHaveKnownProfiles(Draft draft) =>
        !draft.ProfilesAreClear
            ? []
            : from node in draft.Nodes
              where node.Whole is null
              let profile = node.Own.Given(NodeKeys.Profile)!
              select profile.Error($"there is no profile '{profile.Value}'");
}
