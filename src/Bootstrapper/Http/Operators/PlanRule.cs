using Bootstrapper.Planning;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// What must not be in a plan, by a word (<c>never</c>): it must happen to no node, and to nothing of the bootstrapper.
/// </summary>
internal static class PlanRule
{
    private const string Security = "security", Restart = "restart";

    private const int MostNamed = 3;

    private static readonly (string Word, Effect Effect)[] Effects =
    [
        ("reinstall", Effect.Reinstall), (Restart, Effect.Restart), ("next-boot", Effect.NextBoot), ("in-place", Effect.InPlace),
    ];

    public static IReadOnlyList<string> Words { get; } = [.. Effects.Select(known => known.Word), Security];

    /// <returns>All for which the plan is refused; <c>null</c> where it is not.</returns>
    public static string? Objection(PlanView plan, IEnumerable<string> never)
    {
        IReadOnlyList<string> objections =
        [
            .. from word in never.Distinct(StringComparer.Ordinal)
               let found = Found(plan, word).ToList()
               where found.Count > 0
               select $"not allowed by --never {word}: {Named(found)}",
        ];
        return objections.Count == 0 ? null : string.Join("; ", objections);
    }

    private static IEnumerable<string> Found(PlanView plan, string word) => word == Security
        ? plan.Settings.Where(setting => setting.Security).Select(setting => setting.Path)
        :
        [
            .. plan.Groups.Where(alike => alike.Effect == EffectOf(word)).SelectMany(alike => alike.Nodes),
            .. plan.Shared.Where(file => file.Effect == EffectOf(word)).Select(file => file.Path),
            .. plan.AwaitsRestart && word == Restart ? ["the bootstrapper"] : Array.Empty<string>(),
        ];

    private static Effect EffectOf(string word) => Effects.Single(known => known.Word == word).Effect;

    private static string Named(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
