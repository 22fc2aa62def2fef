using Bootstrapper.Pki;
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

    private static IResult GetByQuery(HttpContext context, NodeRequests requests, Authorities authorities, NodeLeaves leaves, NodeCredentials credentials) =>
        Get(mac: null, context, requests, authorities, leaves, credentials);

    private static IResult Get(
        string? mac, HttpContext context, NodeRequests requests, Authorities authorities, NodeLeaves leaves, NodeCredentials credentials) =>
        requests.Secret(context, mac, (snapshot, node) =>
        {
            var secrets = new NodeSecrets(authorities[RootName.Cluster].TrustPem, leaves.For(node, snapshot.Cluster), credentials.For);
            return BootAnswer.Text(snapshot.CloudConfig(node, secrets), "text/cloud-config; charset=utf-8");
        });
}
