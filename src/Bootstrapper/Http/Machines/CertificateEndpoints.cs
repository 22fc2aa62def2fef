using Bootstrapper.Pki;

namespace Bootstrapper.Http.Machines;

/// <summary>The roots for everybody; a node's own certificate and key for that node, while it is being installed.</summary>
internal static class CertificateEndpoints
{
    private const string PemType = "application/x-pem-file";

    public static void MapCertificates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ca.crt", (Authorities authorities) => Roots(authorities, RootName.Cluster));
        routes.MapGet("/ca.pem", (Authorities authorities) => Roots(authorities, RootName.Cluster)); // auto-install's name
        routes.MapGet("/etcd-ca.crt", (Authorities authorities) => Roots(authorities, RootName.Etcd));
        routes.MapGet("/front-proxy-ca.crt", (Authorities authorities) => Roots(authorities, RootName.FrontProxy));
        routes.MapGet("/tls/{mac}/node.pem", (string mac, HttpContext context, NodeRequests requests, NodeLeaves leaves) =>
            Answer(mac, context, requests, leaves, leaf => leaf.CertificatePem));
        routes.MapGet("/tls/{mac}/node-key.pem", (string mac, HttpContext context, NodeRequests requests, NodeLeaves leaves) =>
            Answer(mac, context, requests, leaves, leaf => leaf.KeyPem));
    }

    /// <summary>The one that signs comes first; behind it stands whoever else is trusted while one follows another.</summary>
    private static IResult Roots(Authorities authorities, RootName root) => BootAnswer.Text(authorities[root].TrustPem, PemType);

    private static IResult Answer(
        string mac, HttpContext context, NodeRequests requests, NodeLeaves leaves, Func<Leaf, string> part) =>
        requests.Secret(context, mac, (snapshot, node) => BootAnswer.Text(part(leaves.For(node, snapshot.Cluster)), PemType));
}
