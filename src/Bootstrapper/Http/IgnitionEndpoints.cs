using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>A node's Ignition config, at the addresses that bootcfg and mayu gave it. It holds the node's key.</summary>
internal static class IgnitionEndpoints
{
    public static void MapIgnition(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ignition/{mac}", Get);
        routes.MapGet("/ignition", GetByQuery);
    }

    private static IResult GetByQuery(HttpContext context, NodeRequests requests, NodeCredentials credentials) =>
        Get(mac: null, context, requests, credentials);

    private static IResult Get(string? mac, HttpContext context, NodeRequests requests, NodeCredentials credentials) =>
        requests.Secret(context, mac, (snapshot, node) => Answer(snapshot, node, credentials));

    private static IResult Answer(Snapshot snapshot, Node node, NodeCredentials credentials) =>
        BootAnswer.Text(snapshot.Ignition(node, NodeSecrets.Of(node, snapshot.Cluster, credentials)), "application/json");
}
