using Bootstrapper.Pki;

namespace Bootstrapper.Http;

/// <summary>The root for everybody; a node's own certificate and key for that node, while it is being installed.</summary>
internal static class CertificateEndpoints
{
    private const string PemType = "application/x-pem-file";

    public static void MapCertificates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ca.crt", (CertificateAuthority authority) => BootAnswer.Text(authority.RootPem, PemType));
        routes.MapGet("/tls/{mac}/node.pem", (string mac, HttpContext context, NodeRequests requests, NodeLeaves leaves) =>
            Answer(mac, context, requests, leaves, leaf => leaf.CertificatePem));
        routes.MapGet("/tls/{mac}/node-key.pem", (string mac, HttpContext context, NodeRequests requests, NodeLeaves leaves) =>
            Answer(mac, context, requests, leaves, leaf => leaf.KeyPem));
    }

    private static IResult Answer(string mac, HttpContext context, NodeRequests requests, NodeLeaves leaves, Func<Leaf, string> part) =>
        requests.Secret(context, mac, (snapshot, node) => BootAnswer.Text(part(leaves.For(node, snapshot.Cluster)), PemType));
}
