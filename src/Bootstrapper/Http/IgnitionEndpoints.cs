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

    private static IResult GetByQuery(HttpContext context, NodeRequests requests, CertificateAuthority authority, NodeLeaves leaves) =>
        Get(mac: null, context, requests, authority, leaves);

    private static IResult Get(string? mac, HttpContext context, NodeRequests requests, CertificateAuthority authority, NodeLeaves leaves) =>
        requests.Secret(context, mac, (snapshot, node) => Answer(snapshot, node, authority, leaves));

    private static IResult Answer(Snapshot snapshot, Node node, CertificateAuthority authority, NodeLeaves leaves)
    {
        var secrets = new NodeSecrets(authority.RootPem, leaves.For(node, snapshot.Cluster));
        return BootAnswer.Text(snapshot.Ignition(node, secrets), "application/json");
    }
}
