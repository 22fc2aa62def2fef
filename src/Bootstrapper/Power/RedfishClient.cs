using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// HTTPS with one BMC, and with nothing else: wherever it sends us, what we say stays with it. Past any proxy, and without
/// following redirects.
/// </summary>
internal sealed class RedfishClient : IDisposable
{
    private const int LongestAnswer = 4 << 20;

    private readonly Uri _server;
    private readonly HttpClient _http;
    private bool _hasRefused;

    /// <param name="known">
    /// Certificates that a BMC's is one of, or comes from; <c>null</c> for the authorities that the system trusts.
    /// </param>
    public RedfishClient(BmcSettings bmc, X509Certificate2Collection? known, BmcPatience patience)
    {
        _server = new UriBuilder(Uri.UriSchemeHttps, $"{bmc.Address}", bmc.Port).Uri;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                    !bmc.Verify || !(_hasRefused = !IsGood(shown as X509Certificate2, errors, known)),
            },
        })
        {
            Timeout = patience.Answer,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Of the session, once there is one.</summary>
    public string? Token { get; set; }

    public void Dispose() => _http.Dispose();

    /// <param name="path">A path, or a URL of this BMC's.</param>
    /// <exception cref="PowerException">
    /// There is no answer, or it may not be asked; <see cref="PowerFailure.Unproven"/> where it may have done it all the same.
    /// </exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonObject? body, string? ifMatch, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(_server, path, out var url) || url.Authority != _server.Authority || url.Scheme != _server.Scheme)
        {
            throw new PowerException(PowerFailure.Refused, $"names a place that is not its own: {Printable.OnOneLine(path)}");
        }

        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("OData-Version", "4.0");
        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Auth-Token", Token);
        }

        if (ifMatch?.All(letter => letter is >= ' ' and <= '~') == true) // it may come from a body, with a line break in it
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw IsOrder(method)
                ? Unanswered($"did not within {_http.Timeout.TotalSeconds:0} s")
                : new PowerException(
                    PowerFailure.Silent,
                    $"did not answer within {_http.Timeout.TotalSeconds:0} s: is it on, and at this address?");
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException && !_hasRefused)
        {
            throw new PowerException(PowerFailure.Refused, "does not speak TLS as we do: "
                + $"{Printable.OnOneLine(e.InnerException.Message)}; is there a BMC with Redfish at this address and port?");
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new PowerException(PowerFailure.Refused, "shows a certificate that is not known: name it, or the authority "
                + "that signed it, in bmc.ca, or say verify: n if its network is yours alone");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new PowerException(
                PowerFailure.Refused, $"answers with more than {LongestAnswer >> 20} MiB: is there a BMC at this address?");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            var why = Printable.OnOneLine((e.InnerException ?? e).Message);
            throw IsOrder(method) && e is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
                ? Unanswered($"ended the connection: {why}")
                : new PowerException(PowerFailure.Silent, $"does not answer: {why}");
        }
    }

    /// <summary>What is posted in a session changes the machine, done or not; a login does not.</summary>
    private bool IsOrder(HttpMethod method) => method == HttpMethod.Post && Token is not null;

    private static PowerException Unanswered(string why) => new(
        PowerFailure.Unproven, $"was sent the order, and has not answered since (it {why}): ask how the machine is");

    /// <exception cref="PowerException">It says no.</exception>
    public static async Task DemandAsync(HttpResponseMessage answer, string what, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new PowerException(PowerFailure.Refused, $"answered {(int)answer.StatusCode} for {Printable.OnOneLine(what)}"
                + (await ReasonAsync(answer, cancellation) is { } reason ? $": {reason}" : ""));
        }
    }

    /// <exception cref="PowerException">It is no JSON.</exception>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            DemandText(document.RootElement);
            return document.RootElement is { ValueKind: JsonValueKind.Object } thing ? thing.Clone() : throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new PowerException(
                PowerFailure.Refused, "does not answer in JSON: is there a BMC with Redfish at this address?");
        }
    }

    /// <returns><c>null</c> where it is no JSON.</returns>
    public static async Task<JsonElement?> TryReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(answer, cancellation);
        }
        catch (PowerException)
        {
            return null;
        }
    }

    /// <summary>Reads every name and text once: half a character of UTF-16 (<c>"\ud800"</c>) is found only then.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    private static void DemandText(JsonElement thing)
    {
        switch (thing.ValueKind)
        {
            case JsonValueKind.String:
                thing.GetString();
                break;
            case JsonValueKind.Array:
                thing.EnumerateArray().ToList().ForEach(DemandText);
                break;
            case JsonValueKind.Object:
                foreach (var property in thing.EnumerateObject())
                {
                    _ = property.Name;
                    DemandText(property.Value);
                }

                break;
        }
    }

    /// <summary>As DSP0266 has errors: the first message of the extended ones, or that of all.</summary>
    private static async Task<string?> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var said = await TryReadAsync(answer, cancellation) ?? default;
        var error = RedfishSystem.Inner(said, "error") ?? default;
        var reason = error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("@Message.ExtendedInfo", out var more) && more.ValueKind == JsonValueKind.Array
            ? more.EnumerateArray().Select(info => RedfishSystem.Text(info, "Message")).FirstOrDefault()
            : null;
        return (reason ?? RedfishSystem.Text(error, "message")) is { } text ? Printable.OnOneLine(text) : null;
    }

    /// <summary>A BMC's own certificate will do by itself, whatever name is in it: nobody else has its key.</summary>
    private static bool IsGood(X509Certificate2? shown, SslPolicyErrors errors, X509Certificate2Collection? known)
    {
        if (known is null || shown is null)
        {
            return errors == SslPolicyErrors.None;
        }

        if (known.Any(one => one.RawDataMemory.Span.SequenceEqual(shown.RawDataMemory.Span)))
        {
            return true;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(known);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && chain.Build(shown);
    }
}
