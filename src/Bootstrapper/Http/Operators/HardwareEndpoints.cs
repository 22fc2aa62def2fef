using Bootstrapper.Cluster;
using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>What machines' BMCs know of them.</summary>
internal static class HardwareEndpoints
{
    public static void MapHardware(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/nodes/{node}/hardware", ShowAsync).For(OperatorRole.Operator).WithTags("nodes")
        .WithName("getNodeHardware").WithSummary("Asks a machine's BMC what the machine is; it need not be on.")
        .Produces<HardwareView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(502).ProducesProblem(503)
        .ProducesProblem(504);

    private static async Task<IResult> ShowAsync(string node, NodeCatalog catalog, Bmcs bmcs, CancellationToken gone)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        try
        {
            var described = PowerEndpoints.NodeOf(machine);
            return TypedResults.Ok(new HardwareView(described.HostName, described.Mac, await bmcs.FactsAsync(described, gone)));
        }
        catch (PowerException e)
        {
            return PowerEndpoints.Failed(e);
        }
    }
}

/// <summary>The wire form of what a BMC knows of its machine.</summary>
/// <param name="Mac">As the description has it.</param>
internal sealed record HardwareView(string HostName, MacAddress Mac, BmcFacts Facts);
