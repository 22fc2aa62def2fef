using System.Globalization;
using System.Text.Json;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Diagnosis;
using Bootstrapper.Pki;

namespace Bootstrapper.Http;

/// <summary>
/// <c>/api/v1/nodes</c>: what operators see of the machines, and do with them. A machine is named by MAC address, host name, serial
/// number or UUID. A change that comes with <c>If-Match</c> is refused with 412 when somebody else was faster.
/// </summary>
internal static class NodeEndpoints
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

    private static async Task<IResult> Patch(string node, NodeCatalog catalog, NodeInventory inventory, HttpContext context)
    {
        using var patch = await ReadAsync(context);
        return Change(node, catalog, context, reason: null, (machine, wish) => inventory.Change(machine.Mac, machine.Node, wish, record =>
        {
            var details = MergePatch.Apply(record.Details ?? NodeDetails.None, patch.RootElement);
            return Step.To(ChangeTitle.Differ(record.Details, details) ? record with { Details = details } : record);
        }));
    }

    private static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("the patch must be JSON", e);
        }
    }

    private static IResult Reinstall(
        string node, ReinstallRequest? request, NodeCatalog catalog, NodeInventory inventory, NodeLeaves leaves, TimeProvider time, HttpContext context)
    {
        var wipe = request?.Wipe == true;
        if (wipe && Operator.Of(context).Role < OperatorRole.Admin)
        {
            return TypedResults.Problem("to let foreign data go takes an admin", statusCode: StatusCodes.Status403Forbidden);
        }

        return Change(node, catalog, context, request?.Reason, (machine, wish) =>
        {
            var step = inventory.Change(machine.Mac, machine.Node, wish, record => NodeLifecycle.Reinstall(record, wipe, time.GetUtcNow()));
            if (step is { Refusal: null })
            {
                leaves.Forget(machine.Mac); // what the old installation holds is not given to the new one
            }

            return step;
        });
    }

    private static IResult Hold(string node, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        SetHold(node, hold: true, request, catalog, inventory, context);

    private static IResult Release(string node, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        SetHold(node, hold: false, request, catalog, inventory, context);

    private static IResult SetHold(string node, bool hold, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        Change(node, catalog, context, request?.Reason, (machine, wish) =>
            inventory.Change(machine.Mac, machine.Node, wish, record => NodeLifecycle.Hold(record, hold)));

    private static IResult Declare(string node, StateRequest request, NodeCatalog catalog, NodeInventory inventory, TimeProvider time, HttpContext context) =>
        Change(node, catalog, context, request.Reason, (machine, wish) => inventory.Change(
            machine.Mac, machine.Node, wish, record => NodeLifecycle.Declare(record, request.State, request.OsVersion is { } version ? Client.Printable(version) : null, time.GetUtcNow())));

    private static IResult Enrol(string node, EnrolRequest? request, NodeCatalog catalog, Enrolment enrolment, HttpContext context) =>
        Change(node, catalog, context, request?.Reason, (machine, wish) =>
            enrolment.Enrol(machine, request?.HostName ?? machine.Record.HostName, request?.Profile, wish));

    private static IResult Forget(
        string node, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, NodeLeaves leaves, Enrolment enrolment, HttpContext context)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return Unknown(node);
        }

        var isEnrolled = enrolment.IsEnrolled(machine.Mac);
        if (machine.Node is not null && !isEnrolled)
        {
            return TypedResults.Problem(
                $"{machine.Node.HostName} stands in {Bsroot.DescriptionName}: take it out there first; what was forgotten would be installed anew",
                statusCode: StatusCodes.Status409Conflict);
        }

        if (inventory.Forget(machine.Mac, WishOf(context, request?.Reason)) is { Refusal: { } refusal } step)
        {
            return Refused(step, refusal);
        }

        leaves.Forget(machine.Mac);
        if (isEnrolled)
        {
            enrolment.Remove(machine.Mac);
        }

        return TypedResults.NoContent();
    }

    private static IResult Change(string node, NodeCatalog catalog, HttpContext context, string? reason, Func<Machine, Wish, Step?> change)
    {
        if (catalog.Find(node) is not { } machine || change(machine, WishOf(context, reason)) is not { } step)
        {
            return Unknown(node);
        }

        return step.Refusal is { } refusal ? Refused(step, refusal) : Shown(catalog, machine, context);
    }

    private static IResult Shown(NodeCatalog catalog, Machine machine, HttpContext context)
    {
        var view = catalog.View(machine);
        context.Response.Headers.ETag = $"\"{view.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(view);
    }

    private static IResult Refused(Step step, string refusal) =>
        TypedResults.Problem(refusal, statusCode: step.IsStale ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status409Conflict);

    private static IResult Unknown(string node) =>
        TypedResults.Problem($"no machine has the MAC address, name, serial number or UUID {node}", statusCode: StatusCodes.Status404NotFound);

    private static Wish WishOf(HttpContext context, string? reason) =>
        new(Author.Operator(Operator.Of(context).Name), Client.Printable(reason ?? ""), ExpectedRevision(context.Request));

    /// <summary>An ETag that we never gave matches nothing.</summary>
    private static int? ExpectedRevision(HttpRequest request) => request.Headers.IfMatch.ToString() switch
    {
        "" or "*" => null,
        var tag => int.TryParse(tag.Trim('"'), CultureInfo.InvariantCulture, out var revision) ? revision : -1,
    };

    private static void ProducesChange(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<NodeView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
}

/// <param name="Reason">For the audit trail.</param>
internal sealed record ReasonRequest(string? Reason);

/// <param name="Wipe">Whether a disk may be overwritten that holds data we did not write.</param>
internal sealed record ReinstallRequest(bool Wipe, string? Reason);

/// <param name="State"><c>installed</c> or <c>running</c>.</param>
internal sealed record StateRequest(NodeState State, string? OsVersion, string? Reason);

/// <param name="HostName">Default: the MAC address with dashes.</param>
/// <param name="Profile">Default: the first that is not full.</param>
internal sealed record EnrolRequest(string? HostName, string? Profile, string? Reason);
