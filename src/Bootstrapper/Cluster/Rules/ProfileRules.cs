using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What nodes have in common.</summary>
internal static class ProfileRules
{
    public static IEnumerable<Problem> ProfileNamesAreUnique(Draft draft) =>
        Unique.Problems(draft.Profiles.Select(profile => profile.Name));

    public static IEnumerable<Problem> NodesHaveKnownProfiles(Draft draft) =>
        !draft.ProfilesAreClear
            ? []
            : from node in draft.Nodes
              where draft.TraitsOf(node) is null
              select node.Profile!.Error($"there is no profile '{node.Profile.Value}'");
}
