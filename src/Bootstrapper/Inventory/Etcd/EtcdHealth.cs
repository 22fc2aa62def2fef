using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory.Etcd;

/// <summary>
/// Asks members of the nodes' etcd how they are, as a control plane's own probe does (etcd.io, "Monitoring etcd":
/// <c>/health</c>): with a client certificate of etcd's root, and past any proxy.
/// </summary>
internal sealed class EtcdHealth(Authorities authorities)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Lifetime = TimeSpan.FromMinutes(10);

    /// <param name="hosts">Addresses or names.</param>
    /// <returns>Those that answered that they are healthy: such a member has a leader, and so the cluster a majority.</returns>
    /// <exception cref="PkiException">etcd's root has expired.</exception>
    public async Task<IReadOnlyList<string>> HealthyAsync(IReadOnlyList<string> hosts, CancellationToken cancellation)
    {
        var root = authorities[RootName.Etcd];
        var leaf = root.Issue(new LeafProfile("kube-etcd-healthcheck-client") { Usage = LeafUsage.Client }, Lifetime);
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
        using var http = Client(root.TrustPem, certificate);
        var answers = await Task.WhenAll(hosts.Select(host => IsHealthyAsync(http, host, cancellation)));
        return [.. hosts.Where((_, index) => answers[index])];
    }

    private static HttpClient Client(string roots, X509Certificate2 certificate)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(roots);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
                CertificateChainPolicy = RootChain.PolicyFor(trusted),
            },
        };
        return new HttpClient(handler) { Timeout = Patience };
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, string host, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"https://{host}:2379/health"), cancellation);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            return json.RootElement.GetProperty("health").GetString() == "true";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or KeyNotFoundException
            or InvalidOperationException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
