using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Host;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory;

/// <summary>
/// A client of what runs on nodes. It shows a certificate that one of the cluster's roots signed a moment ago, knows a server by
/// that root alone, and goes past any proxy.
/// </summary>
internal sealed class RootedClient : IDisposable
{
    private const int LongestAnswer = 32 << 20;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly X509Certificate2 _certificate;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _expiries = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="addresses">Where hosts are that no DNS needs to know.</param>
    /// <exception cref="PkiException">The root has expired.</exception>
    public RootedClient(
        CertificateAuthority root, LeafProfile shown, TimeSpan patience, IReadOnlyDictionary<string, IPAddress> addresses)
    {
        var leaf = root.Issue(shown with { Usage = LeafUsage.Client }, Lifetime);
        _certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(root.TrustPem);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(_certificate, null, offline: true),
                CertificateChainPolicy = RootChain.PolicyFor(trusted),
            },
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, addresses, cancellation),
            PlaintextStreamFilter = NoteExpiryAsync,
        })
        {
            Timeout = patience,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>When the certificate ends that a host has shown, and that was trusted.</summary>
    public DateTimeOffset? ExpiryOf(string host) => _expiries.TryGetValue(host, out var expiry) ? expiry : null;

    public Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellation) => _http.GetAsync(url, cancellation);

    /// <param name="body">As JSON.</param>
    public Task<HttpResponseMessage> PostAsync(Uri url, object body, CancellationToken cancellation) =>
        _http.PostAsJsonAsync(url, body, cancellation);

    public void Dispose()
    {
        _http.Dispose();
        _certificate.Dispose();
    }

    /// <summary>Whether it says that there was no answer, or none that can be read.</summary>
    public static bool IsNoAnswer(Exception failure) => failure is HttpRequestException or IOException or SocketException
        or AuthenticationException or JsonException or OperationCanceledException;

    /// <summary>On one line, without the part that says only that there was a request.</summary>
    public static string WordsOf(Exception failure, TimeSpan patience) => failure switch
    {
        OperationCanceledException => $"no answer within {patience.TotalSeconds:0} s",
        JsonException => "the answer cannot be read",
        _ => Printable.OnOneLine((failure.InnerException ?? failure).Message),
    };

    /// <summary>Whatever its head calls it: etcd calls its health plain text.</summary>
    /// <exception cref="JsonException">It is no such thing.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        return await JsonSerializer.DeserializeAsync<T>(body, JsonSerializerOptions.Web, cancellation)
            ?? throw new JsonException("it is empty");
    }

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint server, IReadOnlyDictionary<string, IPAddress> addresses, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint at = addresses.TryGetValue(server.Host, out var address) ? new IPEndPoint(address, server.Port) : server;
            await socket.ConnectAsync(at, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private ValueTask<Stream> NoteExpiryAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellation)
    {
        if (context.PlaintextStream is SslStream { RemoteCertificate: X509Certificate2 shown }
            && context.InitialRequestMessage.RequestUri is { } url)
        {
            _expiries[url.Host] = new DateTimeOffset(shown.NotAfter).ToUniversalTime();
        }

        return ValueTask.FromResult(context.PlaintextStream);
    }
}
