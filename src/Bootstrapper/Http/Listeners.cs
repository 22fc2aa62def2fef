using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bootstrapper.Http;

/// <summary>
/// Where we listen: on the provisioning network and for the machine itself, and nowhere else it may be connected to.
/// </summary>
internal static class Listeners
{
    /// <summary>Reports are a few hundred bytes.</summary>
    private const long LargestRequest = 64 * 1024;

    /// <summary>For the message when one of them is taken.</summary>
    public static string PortsOf(ClusterDescription cluster) =>
        string.Create(CultureInfo.InvariantCulture, $"http_port {cluster.Ports.Http}, https_port {cluster.Ports.Https}");

    public static void Configure(KestrelServerOptions kestrel, ClusterDescription cluster)
    {
        var front = kestrel.ApplicationServices.GetRequiredService<FrontLeaf>();
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestRequest;
        // A machine that writes its disk reads nothing meanwhile; it must not be cut off for that.
        kestrel.Limits.MinResponseDataRate = null;
        foreach (var address in new[] { cluster.Bootstrapper, IPAddress.Loopback }.Distinct())
        {
            kestrel.Listen(address, cluster.Ports.Http, http => http.Protocols = HttpProtocols.Http1);
            kestrel.Listen(address, cluster.Ports.Https, https => https.UseHttps(tls =>
            {
                tls.ServerCertificateSelector = (_, _) => front.Certificate;
                // A machine may show its certificate. Who it is, and whether that is enough, each endpoint asks for itself: a
                // refusal in the handshake would tell nobody why.
                tls.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                tls.AllowAnyClientCertificate();
            }));
        }
    }
}
