using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>A node's cloud-config, at every address that sextant, bootcfg and pxe_coreos gave it. It holds the node's key.</summary>
internal static class CloudConfigEndpoints
{
    public static void MapCloudConfig(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cloud-config/{mac}", Get);
        routes.MapGet("/cloud-configs/{mac}.yaml", Get);
        routes.MapGet("/cloud-config", GetByQuery);
        routes.MapGet("/cloud", GetByQuery);
    }

    private static IResult GetByQuery(HttpContext context, NodeRequests requests, NodeSecretsIssuer secrets) => Get(mac: null, context, requests, secrets);

    private static IResult Get(string? mac, HttpContext context, NodeRequests requests, NodeSecretsIssuer secrets) =>
        requests.Secret(context, mac, (snapshot, node) => node.HasOwnIgnition
            ? BootAnswer.Error(StatusCodes.Status404NotFound, $"{node.HostName} has no cloud-config: its template is an Ignition config, at /ignition")
            : BootAnswer.Text(snapshot.CloudConfig(node, secrets.For(node, snapshot.Cluster)), "text/cloud-config; charset=utf-8"));
}
