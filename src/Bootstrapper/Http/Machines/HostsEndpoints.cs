using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>Where a node finds the API servers while our DNS is away. Nothing that our DNS would not tell anybody.</summary>
internal static class HostsEndpoints
{
    public static void MapHosts(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/hosts", (HttpContext context, NodeRequests requests) => requests.Open(
            context, mac: null, (snapshot, node) => BootAnswer.Text(ApiServerHosts.Of(node, snapshot.Cluster))));
}
