using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Registry.Tokens;

namespace Bootstrapper.Registry;

/// <summary>Asks our own registry what it has (OCI distribution specification 1.0), over TLS and past any proxy.</summary>
internal sealed class RegistryClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly RegistryTokens _tokens;

    /// <param name="server">Where it listens; its certificate holds that address.</param>
    /// <param name="root">PEM file with the root that signed its certificate.</param>
    /// <param name="tokens">It believes these.</param>
    public RegistryClient(IPEndPoint server, string root, RegistryTokens tokens)
    {
        _tokens = tokens;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = Trusting(root) })
        {
            BaseAddress = new Uri($"https://{server}/v2/"),
        };
        _http.DefaultRequestHeaders.Add("Accept", Manifest.MediaTypes);
    }

    /// <summary>Whether it answers and shows a certificate of ours.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await GetAsync("", [], cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The manifest that it has under a name; <c>null</c> where it has none.</summary>
    /// <param name="image">Its repository and digest, or tag; the registry's name is not looked at.</param>
    /// <exception cref="HttpRequestException">It does not answer, or with an error.</exception>
    public async Task<Manifest?> FindAsync(ImageReference image, CancellationToken cancellation)
    {
        using var answer = await GetAsync(
            $"{image.Repository}/manifests/{image.Digest ?? image.Tag}",
            [new RegistryScope(RegistryScope.Repository, image.Repository, [RegistryScope.Pull])],
            cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return Manifest.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> GetAsync(
        string path, IReadOnlyList<RegistryScope> access, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", _tokens.Mint("bootstrapper", access).Text);
        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (SocketException e)
        {
            // .NET 10 leaves it as it is where a connection is gone as soon as it is made
            throw new HttpRequestException(e.Message, e);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"the registry did not answer within {_http.Timeout.TotalSeconds} s", e);
        }
    }

    private static SslClientAuthenticationOptions Trusting(string root) => new()
    {
        CertificateChainPolicy = RootChain.PolicyFor([X509CertificateLoader.LoadCertificateFromFile(root)]),
    };
}
