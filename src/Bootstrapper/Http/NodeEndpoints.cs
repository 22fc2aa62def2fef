using System.Globalization;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Diagnosis;

namespace Bootstrapper.Http;

/// <summary>
/// <c>/api/v1/nodes</c>: what operators see of the machines, and do with them. A machine is named by MAC address, host name, serial
/// number or UUID. A change that comes with <c>If-Match</c> is refused with 412 when somebody else was faster.
/// </summary>
internal static partial class NodeEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup("/api/v1/nodes").WithTags("nodes");
        nodes.MapGet("", List).For(OperatorRole.Viewer).WithSummary("Lists machines by host name.");
        nodes.MapGet("/{node}", Get).For(OperatorRole.Viewer).WithSummary("Shows one machine.").Produces<NodeView>().ProducesProblem(404);
        nodes.MapGet("/{node}/why", Why).For(OperatorRole.Viewer).WithSummary("Tells why a machine does not get on, and what to do about it.").Produces<WhyView>().ProducesProblem(404);
        nodes.MapPatch("/{node}", Patch).For(OperatorRole.Operator).WithSummary("Sets what operators note about a machine (RFC 7396).")
            .Accepts<NodeDetails>("application/merge-patch+json", "application/json").ProducesChange();
        nodes.MapPost("/{node}/reinstall", Reinstall).For(OperatorRole.Operator).WithSummary("Has it installed again when it next boots from the network. With wipe: admins only.").ProducesChange();
        nodes.MapPost("/{node}/hold", Hold).For(OperatorRole.Operator).WithSummary("Leaves it alone: it boots its own disk.").ProducesChange();
        nodes.MapPost("/{node}/release", Release).For(OperatorRole.Operator).WithSummary("Takes a hold away.").ProducesChange();
        nodes.MapPost("/{node}/state", Declare).For(OperatorRole.Operator).WithSummary("Says that it is installed or running, so that it is not installed.").ProducesChange();
        nodes.MapPost("/{node}/enrol", Enrol).For(OperatorRole.Operator).WithSummary("Makes a discovered machine a node.").ProducesChange();
        nodes.MapPost("/{node}/forget", Forget).For(OperatorRole.Admin).WithSummary("Forgets a machine that the description does not name.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
    }

    private static IResult List(NodeCatalog catalog, string? state, string? profile, string? after, int? limit)
    {
        var states = (state ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (states.FirstOrDefault(name => !Enum.GetNames<NodeState>().Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return TypedResults.Problem($"there is no state {unknown}", statusCode: StatusCodes.Status400BadRequest);
        }

        var matching = catalog.All()
            .Where(view => states.Length == 0 || states.Contains(NodeLifecycle.Name(view.State), StringComparer.OrdinalIgnoreCase))
            .Where(view => profile is null || view.Profile == profile)
            .ToList();
        var rest = matching.Where(view => after is null || string.CompareOrdinal(view.HostName, after) > 0).ToList();
        var page = rest.Take(Math.Clamp(limit ?? DefaultPage, 1, LargestPage)).ToList();
        return TypedResults.Ok(new NodePage(page, matching.Count, page.Count < rest.Count ? page[^1].HostName : null));
    }

    private static IResult Get(string node, NodeCatalog catalog, HttpContext context) =>
        catalog.Find(node) is { } machine ? Shown(catalog, machine, context) : Unknown(node);

    private static IResult Why(string node, NodeCatalog catalog, Timeline timeline, TimeProvider time) => catalog.Find(node) is { } machine
        ? TypedResults.Ok(WhyView.Of(new Situation(machine.Record, timeline.Of(machine.Mac), time.GetUtcNow())))
        : Unknown(node);

    private static IResult Shown(NodeCatalog catalog, Machine machine, HttpContext context)
    {
        var view = catalog.View(machine);
        context.Response.Headers.ETag = $"\"{view.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(view);
    }

    private static IResult Unknown(string node) =>
        TypedResults.Problem($"no machine has the MAC address, name, serial number or UUID {node}", statusCode: StatusCodes.Status404NotFound);

    private static void ProducesChange(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<NodeView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
}
