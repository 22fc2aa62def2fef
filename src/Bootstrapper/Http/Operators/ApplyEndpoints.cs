using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Planning;
using Bootstrapper.Supervision;
using Microsoft.AspNetCore.Mvc;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// <c>/api/v1/plan/apply</c>: puts a description into force, and says on the audit trail which plan, who and why.
/// </summary>
internal static class ApplyEndpoints
{
    public static void MapApply(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/plan/apply", ApplyAsync).For(OperatorRole.Operator).WithName("applyDescription")
            .WithTags("cluster")
            .WithSummary("Puts a description into force: the posted one, which is saved, or the one on disk.")
            .Accepts<string>("text/plain", "application/yaml").Produces<ApplyView>()
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503).ProducesProblem(507);

    /// <param name="source"><see cref="PostedDescription.Disk"/>, or <c>null</c> for the body.</param>
    /// <param name="digest">The plan that was looked at: another one is refused.</param>
    /// <param name="never">Words of <see cref="PlanRule"/>: a plan with one of these is refused, too.</param>
    /// <param name="reason">For the audit trail.</param>
    private static async Task<IResult> ApplyAsync(
        string? source, string? digest, [FromQuery] string[]? never, string? reason, [FromServices] ApplyRequests? requests,
        CurrentSnapshot current, NodeInventory inventory, OperationsTrail trail, HttpContext context)
    {
        var text = await PostedDescription.ReadAsync(source, context);
        if (text is not null && Operator.Of(context).Role < OperatorRole.Admin)
        {
            // It may name a BMC of the sender's own, which is then sent a password, or open the secrets to the network.
            return TypedResults.Problem(
                "saving another description requires the admin role; what is on disk an operator may apply",
                statusCode: StatusCodes.Status403Forbidden);
        }

        if (requests is null)
        {
            return TypedResults.Problem(
                "this bootstrapper follows no description", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        if ((never ?? []).FirstOrDefault(word => !PlanRule.Words.Contains(word, StringComparer.Ordinal)) is { } unknown)
        {
            throw new BadHttpRequestException(
                $"invalid never: expected {string.Join(", ", PlanRule.Words)}, got '{Printable.Escaped(unknown)}'");
        }

        Plan? plan = null;
        var isNoted = false;
        var applied = await requests.ApplyAsync(new ApplyRequest(text, Accept));
        if (isNoted && !applied.IsApplied)
        {
            Note($"description: plan {plan!.Digest} was not applied: the one before is in force");
        }

        return applied switch
        {
            { Refusal: { } refusal } => TypedResults.Problem(refusal, statusCode: StatusCodes.Status409Conflict),
            { Failure: { } failure } =>
                TypedResults.Problem($"nothing was applied: {failure}", statusCode: StatusCodes.Status507InsufficientStorage),
            { IsApplied: false } => PlanEndpoints.Invalid(applied.Problems),
            _ => TypedResults.Ok(new ApplyView(
                plan!.Digest,
                plan.After.Snapshot.Cluster.Nodes.Count,
                plan.Nodes.Count,
                applied.IsInForce,
                [.. applied.Problems.Select(ProblemView.Of)])),
        };

        string? Accept(Snapshot before, Snapshot after)
        {
            plan = Planner.Compare(before, after, node => inventory.Of(node));
            if (digest is not null && plan.Digest != digest)
            {
                return $"the plan is another one by now, {plan.Digest} and not {digest}: look at it again";
            }

            var fixedByNow = Reconciler.NeedsRestart(before.Cluster, after.Cluster, current.ListenedOn);
            if (PlanRule.Objection(PlanView.Of(plan, withDiffs: false, [], fixedByNow), never ?? []) is { } objection)
            {
                return $"nothing was applied: {objection}";
            }

            Note($"description: apply plan {plan.Digest}, {plan.Nodes.Count} of {after.Cluster.Nodes.Count} nodes change");
            isNoted = true;
            return null;
        }

        void Note(string what) => trail.Note(
            Author.Operator(Operator.Of(context).Name),
            what,
            $"{Client.Address(context)}",
            Printable.OnOneLine(reason ?? ""));
    }
}

/// <summary>What was put into force.</summary>
/// <param name="Digest">The plan's.</param>
/// <param name="Nodes">How many there are.</param>
/// <param name="Changed">How many of them are given another byte.</param>
/// <param name="InForce">Else the bootstrapper must be started again for it.</param>
internal sealed record ApplyView(string Digest, int Nodes, int Changed, bool InForce, IReadOnlyList<ProblemView> Problems);
