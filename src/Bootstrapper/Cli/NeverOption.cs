using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>--never</c>: what must not happen to any node, or to the bootstrapper.</summary>
internal sealed class NeverOption : Option<string[]>
{
    public NeverOption()
        : base("--never")
    {
        HelpName = "EFFECT";
        Description = $"Refuses a plan with it; may be repeated: {WordList.Of(PlanRule.Words)}.";
        CompletionSources.Add([.. PlanRule.Words]);
        Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !PlanRule.Words.Contains(token.Value, StringComparer.Ordinal)))
            {
                result.AddError($"invalid --never: expected {WordList.Of(PlanRule.Words)}, got '{token.Value}'");
            }
        });
    }
}
