using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Planning;
using Bootstrapper.Rendering;
using Bootstrapper.Supervision;

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
            .WithSummary("Says which nodes change by a description, and when: by the posted one, or by the one on disk.")
            .Accepts<string>(Text, "application/yaml").Produces<PlanView>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(422);

    /// <param name="source"><see cref="PostedDescription.Disk"/>, or <c>null</c> for the body.</param>
    /// <param name="node">Only what changes for this one.</param>
    /// <param name="diff">Whether every changed line is shown.</param>
    private static async Task<IResult> PlanAsync(
        string? source, string? node, bool? diff, Bsroot bsroot, CurrentSnapshot current, NodeInventory inventory,
        HttpContext context)
    {
        var text = await PostedDescription.ReadAsync(source, context);
        try
        {
            var before = current.Value;
            var (after, problems, locate) = text is not null
                ? SnapshotLoader.LoadText(bsroot, text, before.Beside)
                : SnapshotLoader.Load(bsroot, bsroot.Description, before.Beside);
            if (after is null)
            {
                return Invalid(problems);
            }

            var plan = Planner.Compare(before, after, machine => inventory.Of(machine));
            var part = node is null ? plan : plan.ForNode(node);
            return part is null ? UnknownNode.Answer(node!) : TypedResults.Ok(PlanView.Of(
                part,
                diff == true,
                problems,
                [.. Reconciler.NeedsRestart(before.Cluster, after.Cluster, current.ListenedOn).Select(locate)]));
        }
        catch (Exception e) when (e is RenderingException or IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <summary>A line each, as <c>check</c> writes them.</summary>
    internal static IResult Invalid(IEnumerable<Problem> problems) => TypedResults.Problem(
        string.Join('\n', problems.Where(problem => problem.Severity == Severity.Error)
            .Select(problem => Printable.OnOneLine(problem.Format(Bsroot.DescriptionName), longest: int.MaxValue))),
        statusCode: StatusCodes.Status422UnprocessableEntity);
}
