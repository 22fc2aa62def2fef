using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper apply [FILE] [--reason TEXT] [--never EFFECT]</c></summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A description, which takes the place of the bootstrapper's; default: the one that it holds.",
        };
        var plan = new Option<string?>("--plan")
        {
            HelpName = "DIGEST",
            Description = "The plan that was looked at: another one is not applied.",
        };
        return ApiOptions.Command(
            "apply",
            """
            Puts a description into force, as 'bootstrapper plan' told it.

            With 'reload: manual' a saved description is held, with the templates beside it, until this. FILE is saved as
            the bootstrapper's description first, and needs no hold. The audit trail has the plan, who applied it, and why.
            """,
            async (parsed, api, cancellation) => await RunAsync(
                parsed, api, parsed.GetValue(file), parsed.GetValue(plan), cancellation),
            file, plan, NodeCommand.Reason, PlanCommand.Never, OutputFormat.OfFindings);
    }

    /// <exception cref="ApiException">It is not in force.</exception>
    private static async Task RunAsync(
        ParseResult parsed, ApiClient api, string? file, string? digest, CancellationToken cancellation)
    {
        try
        {
            await PutInForceAsync(parsed, api, file, digest, cancellation);
        }
        catch (ApiException e)
        {
            throw SentDescription.In(file, e);
        }
    }

    private static async Task PutInForceAsync(
        ParseResult parsed, ApiClient api, string? file, string? digest, CancellationToken cancellation)
    {
        var (output, text) = (parsed.InvocationConfiguration.Output, file is null ? null : SentDescription.Read(file));
        var plan = await api.PlanAsync(text, node: null, diff: false, cancellation);
        var isForPeople = parsed.GetRequiredValue(OutputFormat.OfFindings) == "text";
        if (isForPeople)
        {
            PlanListing.Write(output, plan, new PlanRequest(file, Against: null));
        }

        var applied = await api.ApplyAsync(
            text,
            digest ?? plan.Digest,
            parsed.GetValue(PlanCommand.Never) ?? [],
            parsed.GetValue(NodeCommand.Reason),
            cancellation);
        if (!OutputFormat.OfFindings.WriteForPrograms(parsed, applied))
        {
            output.WriteProse(applied.InForce
                ? "It is in force."
                : "It is applied, and in force when the bootstrapper is started again.");
        }
    }
}
