using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Planning;

namespace Bootstrapper.Cli;

/// <summary><c>--never</c>: what must not happen to any node, or to a program of the bootstrapper.</summary>
internal sealed class NeverOption : Option<string[]>
{
    private const int MostNamed = 3;

    private static readonly (string Word, Effect Effect)[] Words =
    [
        ("reinstall", Effect.Reinstall), ("restart", Effect.Restart), ("next-boot", Effect.NextBoot),
        ("in-place", Effect.InPlace),
    ];

    public NeverOption()
        : base("--never")
    {
        HelpName = "EFFECT";
        Description = $"Refuses a plan with it; may be repeated: {WordList.Of(Words.Select(word => word.Word))}.";
        CompletionSources.Add([.. Words.Select(word => word.Word)]);
        Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => Words.All(word => word.Word != token.Value)))
            {
                result.AddError($"invalid --never: expected {WordList.Of(Words.Select(word => word.Word))}, got '{token.Value}'");
            }
        });
    }

    /// <returns>Why the plan is refused; <c>null</c> where it is not.</returns>
    public static string? Objection(PlanView plan, IEnumerable<string> never) => (
        from word in never.Distinct(StringComparer.Ordinal)
        let effect = Words.Single(known => known.Word == word).Effect
        let nodes = plan.Groups.Where(alike => alike.Effect == effect).SelectMany(alike => alike.Nodes).ToList()
        let files = plan.Shared.Where(file => file.Effect == effect).Select(file => file.Path).ToList()
        where nodes.Count + files.Count > 0
        select $"not allowed by --never {word}: {Named([.. nodes, .. files])}").FirstOrDefault();

    private static string Named(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
