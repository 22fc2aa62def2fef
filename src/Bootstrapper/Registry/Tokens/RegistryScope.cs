using System.Text.Json.Serialization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Registry.Tokens;

/// <summary>Something in the registry and what is to be done with it: <c>repository:team/hello:pull,push</c>.</summary>
/// <param name="Type"><see cref="Repository"/> or <see cref="Whole"/>.</param>
/// <param name="Actions"><see cref="Pull"/>, <see cref="Push"/>, <see cref="Delete"/>; <see cref="All"/> of the catalog.</param>
internal sealed record RegistryScope(string Type, string Name, IReadOnlyList<string> Actions)
{
    public const string Repository = "repository", Whole = "registry", Catalog = "catalog";

    public const string Pull = "pull", Push = "push", Delete = "delete", All = "*";

    private static readonly string[] OfRepositories = [Pull, Push, Delete];

    /// <summary>The list of all repositories' names.</summary>
    public static RegistryScope OfCatalog { get; } = new(Whole, Catalog, [All]);

    /// <summary>Those of its actions that change what the registry holds.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Writes =>
        Type == Repository ? [.. Actions.Where(action => action is Push or Delete)] : [];

    /// <param name="texts">As queries have them: several to a parameter, with spaces between, or one.</param>
    /// <returns>Those that name something there can be; of the others nothing is granted.</returns>
    public static IReadOnlyList<RegistryScope> Parse(IEnumerable<string?> texts) =>
    [
        .. texts.SelectMany(text => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(Parse).OfType<RegistryScope>(),
    ];

    /// <summary>A name may hold colons to docker, and ours never do: what stands before the actions is all of the name.</summary>
    private static RegistryScope? Parse(string text)
    {
        var (first, last) = (text.IndexOf(':', StringComparison.Ordinal), text.LastIndexOf(':'));
        if (first == last)
        {
            return null;
        }

        var (type, name, actions) = (text[..first], text[(first + 1)..last], text[(last + 1)..].Split(','));
        return type == Whole && name == Catalog && actions.Contains(All) ? OfCatalog
            : type == Repository && ImageReference.IsRepository(name) ? new RegistryScope(type, name, Known(actions))
            : null;
    }

    /// <summary>skopeo asks for <c>*</c> when it deletes.</summary>
    private static string[] Known(string[] actions) =>
        actions.Contains(All) ? OfRepositories : [.. OfRepositories.Where(actions.Contains)];
}
