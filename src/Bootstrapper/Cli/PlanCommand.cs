using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper plan [FILE]</c> and <c>bootstrapper diff NODE [FILE]</c></summary>
internal static class PlanCommand
{
    internal static readonly Option<string?> Against = new("--against")
    {
        HelpName = "WHAT",
        Description = "What it is compared with: running, which is the description in force and needs a bootstrapper that "
            + "runs; or a data root, or a description, and no bootstrapper is asked. Default of plan and diff: running.",
    };

    internal static readonly NeverOption Never = new();

    private static readonly Option<bool> Diff = new("--diff") { Description = "Every line that changes, too." };

    private static readonly Argument<string?> File = FileArgument();

    private const string ExitCodes = """
        Exit code 0 when nothing changes, 2 when something does, 1 when it cannot be said or --never refuses it. The
        templates beside the description count with it; certificates and keys, which are issued again now and then, do not.
        What is named or looks like a secret, and the values of variables, are masked in lines that are shown. No rule knows
        every secret: read them before you show them to others.
        """;

    internal static Argument<string?> FileArgument()
    {
        var file = new Argument<string?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A description, or the directory of one; default: cluster-desc.yml in the data root.",
        };
        return file;
    }

    public static Command Create() => Create("plan", $"""
        Says which nodes change by a description, and when: those that are given another byte, and no others.

        Each at the next boot, in place, or only by a reinstall; and which of the bootstrapper's own programs start again.

        {ExitCodes}
        """, node: null, Diff);

    public static Command CreateDiff()
    {
        var node = ApiOptions.Node();
        return Create("diff", $"""
            Shows line by line what one node is given differently by a description.

            {ExitCodes}
            """, node);
    }

    private static Command Create(string name, string description, Argument<string>? node, params Symbol[] more)
    {
        var command = new Command(name, description);
        foreach (var argument in new Argument?[] { node, File }.OfType<Argument>())
        {
            command.Arguments.Add(argument);
        }

        foreach (var option in new Option[] { Against, Never, OutputFormat.OfFindings }.Concat(more.Cast<Option>()))
        {
            command.Options.Add(option);
        }

        ApiOptions.AddTo(command);
        command.Options.Add(ApiOptions.DataRoot);
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = new PlanRequest(parsed.GetValue(File), parsed.GetValue(Against))
            {
                Node = node is null ? null : parsed.GetRequiredValue(node),
                Diff = node is not null || parsed.GetValue(Diff),
            };
            return await PlanSource.FindAsync(parsed, parsed.Bsroot(ApiOptions.DataRoot), wanted, cancellation) is { } plan
                ? Tell(parsed, plan, wanted)
                : PlanExit.Error;
        });
        return command;
    }

    /// <returns>The exit code.</returns>
    private static int Tell(ParseResult parsed, PlanView plan, PlanRequest wanted)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (!OutputFormat.OfFindings.WriteForPrograms(parsed, plan))
        {
            PlanListing.Write(output, plan, wanted);
        }

        if (PlanRule.Objection(plan, parsed.GetValue(Never) ?? []) is { } objection)
        {
            error.WriteLine($"error: {objection}");
            return PlanExit.Error;
        }

        return PlanExit.Of(plan);
    }
}

/// <summary>What is to be compared, and how much of it is wanted.</summary>
/// <param name="File">A description or the directory of one; <c>null</c> for the data root's.</param>
/// <param name="Against"><c>running</c>, which <c>null</c> stands for, a data root or a description.</param>
internal sealed record PlanRequest(string? File, string? Against)
{
    public const string Running = "running";

    /// <summary>The only one that is asked for; <c>null</c> for all.</summary>
    public string? Node { get; init; }

    public bool Diff { get; init; }

    public bool IsOfRunning => Against is null or Running;
}
