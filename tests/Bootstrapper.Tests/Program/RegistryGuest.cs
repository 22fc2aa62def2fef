using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// Speaks to the rack's registry as docker does: it asks, is told where tokens are and for what, fetches one, and asks again.
/// </summary>
internal sealed partial class RegistryGuest : IDisposable
{
    private static readonly Uri Registry = new($"https://{Rack.ServerAddress}:5000");

    private readonly HttpClient _client;
    private readonly AuthenticationHeaderValue? _login;

    /// <param name="password">Of whatever user; <c>null</c> for who has none.</param>
    public RegistryGuest(Rack rack, NetworkNamespace where, IPAddress address, string? password = null)
    {
        _client = where.Client(address, Registry, Believing(rack.Bsroot.CaCertificate));
        _login = password is null ? null : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{password}")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As who knows the cluster's root and no other.</summary>
    public static SslClientAuthenticationOptions Believing(string root) => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(root) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <param name="path">Below <c>/v2/</c>; or a whole URL.</param>
    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string content = "")
    {
        using var answer = await SendAsync(method, path, content);
        return answer.StatusCode;
    }

    /// <inheritdoc cref="StatusAsync"/>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string content = "")
    {
        var first = await SendAsync(method, path, content, token: null);
        if (first.StatusCode != HttpStatusCode.Unauthorized)
        {
            return first;
        }

        using (first)
        {
            return await SendAsync(method, path, content, await TokenAsync(first.Headers.WwwAuthenticate.Single()));
        }
    }

    /// <summary>As it is, without a token.</summary>
    public async Task<HttpStatusCode> BareStatusAsync(HttpMethod method, string path, string content = "")
    {
        using var answer = await SendAsync(method, path, content, token: null);
        return answer.StatusCode;
    }

    /// <summary>With the token for one name, to whatever path: it is sent as it stands here.</summary>
    /// <param name="scope">Such as <c>repository:team/hello:pull,push</c>.</param>
    public async Task<HttpStatusCode> StatusAsWrittenAsync(HttpMethod method, string path, string content, string scope)
    {
        using var first = await SendAsync(HttpMethod.Get, "", "", token: null);
        var told = first.Headers.WwwAuthenticate.Single();
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(method, new Uri($"{Registry}v2/{path}", asWritten));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        request.Content.Headers.ContentType =
            new(path.Contains("/blobs/", StringComparison.Ordinal) ? "application/octet-stream" : OciImage.OciManifest);
        request.Headers.Authorization = new("Bearer", await TokenAsync(new("Bearer", $"{told.Parameter},scope=\"{scope}\"")));
        using var answer = await _client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string content, string? token)
    {
        using var request = new HttpRequestMessage(
            method, path.StartsWith("https://", StringComparison.Ordinal) ? path : $"/v2/{path}");
        request.Content = content.Length == 0 ? null : new StringContent(content, null, OciImage.OciManifest);
        request.Headers.Accept.ParseAdd(OciImage.OciManifest);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await _client.SendAsync(request, Cancellation);
    }

    private async Task<string?> TokenAsync(AuthenticationHeaderValue challenge)
    {
        var told = Parameter().Matches(challenge.Parameter!)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{told["realm"]}?service={told["service"]}&scope={Uri.EscapeDataString(told.GetValueOrDefault("scope", ""))}");
        request.Headers.Authorization = _login;
        using var answer = await _client.SendAsync(request, Cancellation);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return null;
        }

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.GetProperty("token").GetString();
    }

    [GeneratedRegex("(?<name>[a-z]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
