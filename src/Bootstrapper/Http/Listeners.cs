using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Microsoft.AspNetCore.Connections;
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

    /// <summary>
    /// For each reader: what it does not read stays in our memory. The kernel has buffers of its own, which fill the line.
    /// </summary>
    private const long LargestUnsent = 16 * 1024;

    /// <summary>For the message when one of them is taken.</summary>
    public static string PortsOf(ClusterDescription cluster) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"http_port {cluster.Ports.Http}, https_port {cluster.Ports.Https}, registry_port {cluster.Ports.Registry}");

    /// <summary>
    /// Whether somebody else listens there, asked before anything is made: Kestrel would say so when all the rest has started,
    /// seconds later on a busy host, and with a data root written for nothing.
    /// </summary>
    /// <exception cref="IOException">Somebody does; its inner exception is an <see cref="AddressInUseException"/>.</exception>
    public static void RequireFree(ClusterDescription cluster)
    {
        foreach (var endpoint in Endpoints(cluster))
        {
            try
            {
                using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(endpoint);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new IOException($"{endpoint}: address already in use", new AddressInUseException(e.Message, e));
            }
        }
    }

    private static IEnumerable<IPEndPoint> Endpoints(ClusterDescription cluster) =>
        from address in cluster.OwnAddresses.Append(IPAddress.Loopback).Distinct()
        from port in new[] { cluster.Ports.Http, cluster.Ports.Https }
        select new IPEndPoint(address, port);

    public static void Configure(KestrelServerOptions kestrel, ClusterDescription cluster)
    {
        var front = kestrel.ApplicationServices.GetRequiredService<FrontLeaf>();
        kestrel.AddServerHeader = false;
        Limit(kestrel.Limits);
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true); // RFC 9112, 11.2
        foreach (var address in cluster.OwnAddresses.Append(IPAddress.Loopback).Distinct())
        {
            kestrel.Listen(address, cluster.Ports.Http, http =>
            {
                http.Protocols = HttpProtocols.Http1;
                http.Use(SocketOutput.Below);
            });
            kestrel.Listen(address, cluster.Ports.Https, https => https.UseHttps(tls =>
            {
                tls.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                tls.ServerCertificateSelector = (_, _) => front.Certificate;
                // A machine may show its certificate. Who it is, and whether that is enough, each endpoint asks for itself: a
                // refusal in the handshake would tell nobody why.
                tls.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                tls.AllowAnyClientCertificate();
                tls.OnAuthenticate = static (_, handshake) => handshake.CertificateChainPolicy = RootChain.PolicyFor([]);
            }));
        }

        if (!cluster.RegistryAddress.Address.Equals(cluster.Bootstrapper))
        {
            var registry = new RegistryFront(
                cluster.RegistryAddress,
                kestrel.ApplicationServices.GetRequiredService<UploadRoom>(),
                patience: TimeSpan.FromSeconds(10),
                idle: TimeSpan.FromMinutes(10));
            foreach (var address in cluster.OwnAddresses)
            {
                kestrel.Listen(address, cluster.Ports.Registry, front => front.Run(registry.CarryAsync));
            }
        }
    }

    /// <summary>
    /// Whoever is slow on purpose holds a connection for seconds. Nobody who is busy is cut off by the rate of answers: each
    /// 16 KiB of a file allow for 68 s more over TLS, 256 KiB without it for 18 minutes, and <see cref="LimitedTransport"/>
    /// judges by progress.
    /// </summary>
    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = LargestRequest;
        limits.MaxResponseBufferSize = LargestUnsent;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(20));
    }
}
