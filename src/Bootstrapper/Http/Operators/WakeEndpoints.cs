using Bootstrapper.InForce;
using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>Wakes machines by their network cards, for those that have no BMC.</summary>
internal static class WakeEndpoints
{
    public static void MapWake(this IEndpointRouteBuilder routes) => routes
        .MapPost("/api/v1/nodes/{node}/wake", WakeAsync).For(OperatorRole.Admin).WithTags("nodes").WithName("wakeNode")
        .WithSummary("Sends a machine's network card a Wake-on-LAN packet. Whether it woke, no answer says.")
        .Produces<PowerView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(504);

    private static async Task<IResult> WakeAsync(
        string node,
        ReasonRequest? request,
        NodeCatalog catalog,
        CurrentSnapshot current,
        PowerOrders orders,
        HttpContext context)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        if (machine.Node is not { } described)
        {
            return TypedResults.Problem(
                $"{machine.Record.HostName} is not a node of the cluster: enrol it first",
                statusCode: StatusCodes.Status409Conflict);
        }

        var failure = await orders.CarryOutAsync(machine, "wake on LAN", request?.Reason, context, async () =>
        {
            await WakeOnLan.WakeAsync(described, current.Value.Cluster, context.RequestAborted);
            return $"a packet was sent to {described.Mac}";
        });
        return failure is null
            ? TypedResults.Ok(new PowerView(described.HostName, described.Mac, Power: null))
            : PowerEndpoints.Failed(failure);
    }
}
