using Bootstrapper.InForce;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>Who else is there, for nodes. Nothing that our DNS would not tell anybody.</summary>
internal static class HostsEndpoints
{
    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/hosts", (HttpContext context, NodeRequests requests) => requests.Open(
            context, mac: null, (snapshot, node) => BootAnswer.Text(ApiServerHosts.Of(node, snapshot.Cluster))));
        routes.MapGet("/described", (CurrentSnapshot current) =>
            BootAnswer.Text(DescribedNodes.Of(current.Value.Cluster)));
    }
}
