namespace Bootstrapper.Cluster.Reading;

/// <summary>Inheritance.</summary>
internal sealed partial record Draft
{
    private Dictionary<string, Traits>? _traitsByProfile;

    /// <summary>What a node says, and for the rest what its profile says; <c>null</c> when there is no such profile.</summary>
    public Traits? TraitsOf(NodeDraft node)
    {
        if (node.Profile is null)
        {
            return node.Traits;
        }

        _traitsByProfile ??= Profiles.Where(profile => profile.Name is not null)
            .DistinctBy(profile => profile.Name!.Value, StringComparer.Ordinal)
            .ToDictionary(profile => profile.Name!.Value, profile => profile.Traits, StringComparer.Ordinal);
        return _traitsByProfile.TryGetValue(node.Profile.Value, out var profile) ? node.Traits.Over(profile) : null;
    }
}
