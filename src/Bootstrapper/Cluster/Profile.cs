using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>What several nodes have in common, and how many unknown machines may become one of them.</summary>
internal sealed record Profile(Section From) : Settings
{
    public Profile()
        : this(Section.None)
    {
    }

    public string Name { get; init; } = From.Value(ProfileKeys.Name);

    /// <summary><c>null</c> for any number.</summary>
    public int? Quantity { get; init; } = From.Given(ProfileKeys.Quantity)?.Value;

    public IReadOnlyList<string> Tags { get; init; } = From.Values(ProfileKeys.Tags);

    public string? Channel { get; init; } = From.Given(TraitKeys.Channel)?.Value;

    public NodeRoles Roles { get; init; } = Traits.RolesOf(From);
}

/// <summary>An entry of <c>profiles</c>.</summary>
internal static class ProfileKeys
{
    private static readonly KeySet Own = new();

    public static readonly ValueKey<string> Name = Own.Required("name", NameSyntax.ProfileName,
        "Name by which nodes refer to the profile.");

    public static readonly ValueKey<int> Quantity = Own.Value("quantity", TextSyntax.Count,
        "How many machines may have the profile. Default: any number.");

    public static readonly ListKey<string> Tags = Own.List("tags", NameSyntax.Tag,
        "Your own tags for the profile. Default: none.");

    public static readonly KeySet All = new(Own, TraitKeys.All);
}
