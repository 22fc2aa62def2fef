using System.Net;
using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Cluster;

namespace Bootstrapper.Http.Operators;

/// <summary><c>/api/v1/wall</c>: every machine in brief, for whoever wants to see all of them at once.</summary>
internal static class WallEndpoints
{
    public static void MapWall(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/wall", (NodeCatalog catalog) => TypedResults.Ok(catalog.All().Select(TileView.Of).ToList()))
            .For(OperatorRole.Viewer).WithName("getWall").WithTags("cluster")
            .WithSummary("Shows every machine in brief, by host name.").Produces<IReadOnlyList<TileView>>();
}

/// <summary>A machine in brief.</summary>
/// <param name="Since">When it began what it is doing.</param>
/// <param name="Progress">In hundredths, while it is being installed.</param>
/// <param name="Cause">Why it failed or is stuck; the same for every machine with this fault.</param>
/// <param name="Rack">The cabinet that operators noted, or else its label <c>rack</c>.</param>
internal sealed record TileView(
    MacAddress Mac,
    string HostName,
    NodePhase Phase,
    DateTimeOffset Since,
    int? Progress,
    bool Held,
    string? Cause,
    string? Rack,
    string? Position,
    string? Profile,
    IPAddress? Ip)
{
    private const string RackLabel = "rack";

    public static TileView Of(NodeView node) => new(
        node.Mac,
        node.HostName,
        node.Phase,
        node.PhaseSince ?? node.Since,
        node.Progress,
        node.Held,
        node.Cause,
        node.Cabinet ?? node.Labels.GetValueOrDefault(RackLabel),
        node.Position,
        node.Profile,
        node.Ip);
}
