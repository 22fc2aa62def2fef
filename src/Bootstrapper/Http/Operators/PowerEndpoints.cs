using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>What operators do with machines by their BMCs. Whose credentials these are is for administrators to decide.</summary>
internal static class PowerEndpoints
{
    /// <summary>What came of a restart: how the machine was in between, nobody saw.</summary>
    public const string Restarted = "its BMC took the order, and it is on";

    public static void MapPower(this IEndpointRouteBuilder routes)
    {
        var node = routes.MapGroup("/api/v1/nodes/{node}").WithTags("nodes");
        node.MapGet("/power", ShowAsync).For(OperatorRole.Operator).WithName("getNodePower")
            .WithSummary("Asks its BMC whether a machine is on.").ProducesPower();
        node.MapPost("/power", SwitchAsync).For(OperatorRole.Admin).WithName("setNodePower")
            .WithSummary("Switches a machine on, off, or off and on again by its BMC, at once; the answer comes when it is done.")
            .ProducesProblem(400).ProducesPower();
        node.MapPost("/boot", BootAsync).For(OperatorRole.Admin).WithName("setNodeBoot")
            .WithSummary("Has a machine boot from the network or from its disk the next time, and only then.")
            .ProducesProblem(400).ProducesPower();
    }

    public static IResult Failed(PowerException failure, string before = "") =>
        TypedResults.Problem(before + failure.Message, statusCode: failure.Failure switch
        {
            PowerFailure.NotDescribed or PowerFailure.Taken => StatusCodes.Status409Conflict,
            PowerFailure.Refused or PowerFailure.NotLetIn => StatusCodes.Status502BadGateway,
            PowerFailure.Silent => StatusCodes.Status504GatewayTimeout,
            PowerFailure.Unproven => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status503ServiceUnavailable,
        });

    /// <exception cref="PowerException">It is no node of the cluster; where a password goes is not for it to say.</exception>
    public static Node NodeOf(Machine machine) => machine.Node ?? throw new PowerException(
        PowerFailure.NotDescribed, $"{machine.Record.HostName} is not a node of the cluster: enrol it first");

    private static Task<IResult> ShowAsync(string node, NodeCatalog catalog, Bmcs bmcs, CancellationToken gone) => AnswerAsync(
        node, catalog, async machine => ViewOf(machine, await bmcs.StateAsync(NodeOf(machine), gone)));

    private static Task<IResult> SwitchAsync(
        string node, PowerRequest request, NodeCatalog catalog, Bmcs bmcs, PowerOrders orders, EtcdMajority majority,
        HttpContext context)
    {
        if (request.Power == PowerChange.On || catalog.Find(node) is not { } known)
        {
            return CarryOutAsync(node, request, catalog, bmcs, orders, context);
        }

        return known.Record.State == NodeState.Installing && !request.Force
            ? Task.FromResult<IResult>(Forcible.Refuse($"{known.Record.HostName} is being installed, and would have to begin "
                + "again: wait until it runs, or force it (--force)"))
            : majority.DecideAsync(
                known.Node,
                loss => loss is not null && !request.Force
                    ? Task.FromResult<IResult>(Forcible.Refuse(loss.Objection))
                    : CarryOutAsync(
                        node,
                        request with { Reason = MajorityLoss.Forced(request.Reason, loss) },
                        catalog,
                        bmcs,
                        orders,
                        context),
                context.RequestAborted);
    }

    private static Task<IResult> CarryOutAsync(
        string node, PowerRequest request, NodeCatalog catalog, Bmcs bmcs, PowerOrders orders, HttpContext context) =>
        AnswerAsync(node, catalog, async machine =>
        {
            var state = PowerState.Off;
            var what = $"power {Bmcs.Word(request.Power)}";
            var failure = await orders.CarryOutAsync(machine, what, request.Reason, context, async () =>
            {
                state = await bmcs.SwitchAsync(NodeOf(machine), request.Power, context.RequestAborted);
                return request.Power == PowerChange.Cycle ? Restarted : $"it is {Bmcs.Word(state)}";
            });
            return failure is null ? ViewOf(machine, state) : throw failure;
        });

    private static Task<IResult> BootAsync(
        string node, BootRequest request, NodeCatalog catalog, Bmcs bmcs, PowerOrders orders, HttpContext context) =>
        AnswerAsync(node, catalog, async machine =>
        {
            var failure = await orders.CarryOutAsync(
                machine, $"boot from the {Bmcs.Word(request.Device)} once", request.Reason, context, async () =>
                {
                    await bmcs.BootOnceAsync(NodeOf(machine), request.Device, context.RequestAborted);
                    return "its BMC has noted it";
                });
            return failure is null ? ViewOf(machine, power: null) with { Boot = request.Device } : throw failure;
        });

    private static async Task<IResult> AnswerAsync(string name, NodeCatalog catalog, Func<Machine, Task<PowerView>> act)
    {
        if (catalog.Find(name) is not { } machine)
        {
            return UnknownNode.Answer(name);
        }

        try
        {
            return TypedResults.Ok(await act(machine));
        }
        catch (PowerException e)
        {
            return Failed(e);
        }
    }

    private static PowerView ViewOf(Machine machine, PowerState? power) =>
        new(machine.Node?.HostName ?? machine.Record.HostName, machine.Mac, power);

    private static void ProducesPower(this RouteHandlerBuilder endpoint) => endpoint.Produces<PowerView>()
        .ProducesProblem(404).ProducesProblem(409).ProducesProblem(502).ProducesProblem(503).ProducesProblem(504);
}

/// <param name="Power"><c>on</c>, <c>off</c> (at once, as if the cable were pulled) or <c>cycle</c>.</param>
internal sealed record PowerRequest([property: JsonRequired] PowerChange Power, string? Reason)
{
    /// <summary>
    /// Whether a machine is switched off that is being installed, or without which etcd has no majority. Clients may leave it
    /// out.
    /// </summary>
    public bool Force { get; init; }
}

/// <param name="Device"><c>network</c> or <c>disk</c>.</param>
internal sealed record BootRequest([property: JsonRequired] BootDevice Device, string? Reason);

/// <summary>The wire form of what a BMC said.</summary>
/// <param name="Power">Whether the machine is on; <c>null</c> where that was not asked.</param>
internal sealed record PowerView(string HostName, MacAddress Mac, PowerState? Power)
{
    /// <summary>What it boots the next time, and only then.</summary>
    public BootDevice? Boot { get; init; }
}
