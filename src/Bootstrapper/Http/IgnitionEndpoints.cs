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

    private static IResult GetByQuery(HttpContext context, NodeRequests requests, NodeSecretsIssuer secrets) => Get(mac: null, context, requests, secrets);

    private static IResult Get(string? mac, HttpContext context, NodeRequests requests, NodeSecretsIssuer secrets) =>
        requests.Secret(context, mac, (snapshot, node) => BootAnswer.Text(snapshot.Ignition(node, secrets.For(node, snapshot.Cluster)), "application/json"));
}
