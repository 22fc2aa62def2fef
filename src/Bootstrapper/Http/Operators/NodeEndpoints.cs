using System.Globalization;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Kubernetes;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;
using Bootstrapper.Power;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// <c>/api/v1/nodes</c>: what operators see of the machines, and do with them. A machine is named by MAC address, host name,
/// serial number or UUID. A change that comes with <c>If-Match</c> is refused with 412 when somebody else was faster.
/// </summary>
internal static partial class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup("/api/v1/nodes").WithTags("nodes");
        nodes.MapGet("", List).For(OperatorRole.Viewer).WithName("listNodes")
            .WithSummary("Lists machines, by host name or as asked for.").Produces<NodePage>().ProducesProblem(400);
        nodes.MapGet("/{node}", Get).For(OperatorRole.Viewer).WithName("getNode")
            .WithSummary("Shows one machine.").Produces<NodeView>().ProducesProblem(404).TellsRevision();
        nodes.MapGet("/{node}/why", WhyAsync).For(OperatorRole.Viewer).WithName("getNodeFindings")
            .WithSummary("Says why a machine is stuck, and what to do about it.").Produces<WhyView>().ProducesProblem(404);
        nodes.MapGet("/{node}/configs", Configs).For(OperatorRole.Operator).WithName("getNodeConfigs")
            .WithSummary("Shows all that is rendered for a node. Keys are masked; the operators' own variables are not.")
            .Produces<ConfigPage>().ProducesProblem(404).ProducesProblem(500);
        nodes.MapPatch("/{node}", Patch).For(OperatorRole.Operator).WithName("patchNode")
            .WithSummary("Sets the operators' notes of a machine (RFC 7396).")
            .Accepts<NodeDetails>("application/merge-patch+json", "application/json").ProducesChange();
        nodes.MapPost("/{node}/reinstall", ReinstallAsync).For(OperatorRole.Operator).WithName("reinstallNode")
            .WithSummary("Installs it again when it next boots from the network, which with now its BMC has it do. "
                + "wipe, force and now require the admin role.")
            .ProducesProblem(502).ProducesProblem(503).ProducesProblem(504).ProducesChange();
        nodes.MapPost("/{node}/hold", Hold).For(OperatorRole.Operator).WithName("holdNode")
            .WithSummary("Holds it: it boots its own disk and is not installed.").ProducesChange();
        nodes.MapPost("/{node}/release", Release).For(OperatorRole.Operator).WithName("releaseNode")
            .WithSummary("Releases a hold.").ProducesChange();
        nodes.MapPost("/{node}/state", Declare).For(OperatorRole.Operator).WithName("setNodeState")
            .WithSummary("Sets its state to installed or running, so that it is not installed.").ProducesChange();
        nodes.MapPost("/{node}/accept-card", AcceptCard).For(OperatorRole.Operator).WithName("acceptNodeCard")
            .WithSummary("Says that a network card is the machine's: from there it is given its secrets.").ProducesChange();
        nodes.MapPost("/{node}/remove-card", RemoveCard).For(OperatorRole.Operator).WithName("removeNodeCard")
            .WithSummary("Says that a network card is not the machine's any more.").ProducesChange();
        nodes.MapPost("/{node}/enrol", Enrol).For(OperatorRole.Operator).WithName("enrolNode")
            .WithSummary("Makes a discovered machine a node.").ProducesChange();
        nodes.MapPost("/{node}/forget", Forget).For(OperatorRole.Admin).WithName("forgetNode")
            .WithSummary("Removes the record of a machine that the description does not name.")
            .Produces(204).ProducesRefusals();
    }

    private static IResult List([AsParameters] NodeQuery query, NodeCatalog catalog, HttpContext context) =>
        query.Objection() is { } objection
        ? TypedResults.Problem(objection, statusCode: StatusCodes.Status400BadRequest)
        : TypedResults.Ok(query.Page([.. catalog.All().Select(view => view.For(Operator.Of(context).Role))]));

    private static IResult Get(string node, NodeCatalog catalog, HttpContext context) =>
        catalog.Find(node) is { } machine ? Shown(catalog, machine, context) : UnknownNode.Answer(node);

    /// <summary>Of a node that runs, Kubernetes is asked, too, and its BMC for who may ask that.</summary>
    private static async Task<IResult> WhyAsync(
        string node, NodeCatalog catalog, KubernetesLooks kubernetes, PowerLooks powers, HttpContext context)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        var power = machine.Node is { } known && Operator.Of(context).Role >= OperatorRole.Operator
            ? powers.LookAsync(known, context.RequestAborted)
            : Task.FromResult<PowerLook?>(null);
        var situation = catalog.SituationOf(machine.Record, machine.Node);
        if (machine is { Node: { } described, Record.State: NodeState.Running })
        {
            var look = await kubernetes.LookAsync(context.RequestAborted);
            situation = situation with { Kubernetes = look.Of(described) };
        }

        return TypedResults.Ok(WhyView.Of(
            machine.Node?.HostName ?? machine.Record.HostName, situation with { Power = await power }));
    }

    /// <summary>
    /// What <c>bootstrapper render --node</c> shows without <c>--show-secrets</c>, of the description that is in force.
    /// </summary>
    private static IResult Configs(string node, NodeCatalog catalog, CurrentSnapshot current, Bsroot bsroot)
    {
        var snapshot = current.Value;
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        if (snapshot.Nodes.Find(machine.Mac) is not { } planned)
        {
            return TypedResults.Problem(
                $"{machine.Record.HostName} is not a node of the cluster: enrol it first",
                statusCode: StatusCodes.Status404NotFound);
        }

        try
        {
            var secrets = new ShownSecrets(bsroot, show: false).Of(planned, snapshot.Cluster);
            return TypedResults.Ok(new ConfigPage([.. NodeArtifacts.Of(planned, snapshot, secrets)
                .Select(artifact => new ConfigView(artifact.Path, artifact.Content))]));
        }
        catch (Exception e) when (e is PkiException or RenderingException or IOException)
        {
            return TypedResults.Problem(
                $"cannot show the configuration of {planned.HostName}: {e.Message}",
                statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static IResult Shown(NodeCatalog catalog, Machine machine, HttpContext context)
    {
        var view = catalog.View(machine).For(Operator.Of(context).Role);
        context.Response.Headers.ETag = $"\"{view.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(view);
    }

    private static void ProducesChange(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<NodeView>().TellsRevision().ProducesRefusals();

    private static RouteHandlerBuilder ProducesRefusals(this RouteHandlerBuilder endpoint) =>
        endpoint.ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(415)
            .ProducesProblem(507).TakesRevision();
}

/// <summary>All that one node is given.</summary>
internal sealed record ConfigPage(IReadOnlyList<ConfigView> Items);

/// <summary>The wire form of what a node is given.</summary>
/// <param name="Name">The path at which the machine asks for it.</param>
/// <param name="Text">Private keys and the cluster's encryption key are masked.</param>
internal sealed record ConfigView(string Name, string Text);
