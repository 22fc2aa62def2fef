using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Planning;
using Bootstrapper.Rendering;
using Bootstrapper.Supervision;
using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// <c>/api/v1/plan</c>: what a description would make different from the one in force. Its variables may hold what not everybody
/// who may look on should see.
/// </summary>
internal static class PlanEndpoints
{
    private const string Text = "text/plain";

    public static void MapPlan(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/plan", PlanAsync).For(OperatorRole.Operator).WithName("planDescription").WithTags("cluster")
            .WithSummary("Says which nodes change by a description, and when: by the posted one, or else by the one on disk.")
            .Accepts<string>(Text, "application/yaml").Produces<PlanView>().ProducesProblem(404).ProducesProblem(422);

    /// <param name="node">Only what changes for this one.</param>
    /// <param name="diff">Whether every changed line is shown.</param>
    private static async Task<IResult> PlanAsync(
        string? node, bool? diff, Bsroot bsroot, CurrentSnapshot current, NodeInventory inventory, HttpContext context)
    {
        var text = await BodyAsync(context);
        try
        {
            var before = current.Value;
            var (after, problems, locate) = text.Length > 0
                ? SnapshotLoader.LoadText(bsroot, text, before.Beside)
                : SnapshotLoader.Load(bsroot, bsroot.Description, before.Beside);
            if (after is null)
            {
                return Invalid(problems);
            }

            var plan = Planner.Compare(before, after, machine => inventory.Of(machine));
            IEnumerable<Problem> told =
            [
                .. problems,
                .. Reconciler.NeedsRestart(before.Cluster, after.Cluster, current.ListenedOn).Select(locate),
            ];
            return node is null ? TypedResults.Ok(PlanView.Of(plan, diff == true, told))
                : plan.ForNode(node) is { } one ? TypedResults.Ok(PlanView.Of(one, diff == true, told))
                : UnknownNode.Answer(node);
        }
        catch (Exception e) when (e is RenderingException or IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <exception cref="BadHttpRequestException">It is larger than any description, or no UTF-8.</exception>
    internal static async Task<string> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = SnapshotLoader.LargestDescription;
        }

        using var reader = new StreamReader(context.Request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return await reader.ReadToEndAsync(context.RequestAborted);
        }
        catch (DecoderFallbackException e)
        {
            throw new BadHttpRequestException("the description is not UTF-8: save it as UTF-8, or convert it with iconv", e);
        }
    }

    /// <summary>A line each, as <c>check</c> writes them.</summary>
    internal static IResult Invalid(IEnumerable<Problem> problems) => TypedResults.Problem(
        string.Join('\n', problems.Where(problem => problem.Severity == Severity.Error)
            .Select(problem => Printable.OnOneLine(problem.Format(Bsroot.DescriptionName), longest: int.MaxValue))),
        statusCode: StatusCodes.Status422UnprocessableEntity);
}
