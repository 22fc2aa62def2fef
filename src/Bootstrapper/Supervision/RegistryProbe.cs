using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Supervision;

/// <summary>Asks the registry over TLS for <c>/</c>, which it answers to everybody and without a line in its log.</summary>
internal sealed class RegistryProbe : IDisposable
{
    /// <summary>
    /// Questions over one connection. A new one costs it and us a hundred times what a question does; without one, nobody sees
    /// that it takes no more. So many take less than <see cref="ServiceSpec.HangTimeout"/>.
    /// </summary>
    private const int QuestionsOfConnection = 4;

    private readonly HttpClient _http;
    private int _asked;

    /// <param name="server">Where it listens.</param>
    public RegistryProbe(IPEndPoint server) => _http = new HttpClient(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        SslOptions = AnyCertificate(),
    })
    {
        BaseAddress = new Uri($"https://{server}/"),
    };

    /// <returns>Whether there is an answer, whatever it says.</returns>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="HttpRequestException">It hung up, or does not speak TLS or HTTP.</exception>
    /// <exception cref="OperationCanceledException">The answer is not wanted any more.</exception>
    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var question = new HttpRequestMessage(); // for the base address
        // Asked to, the registry ends the connection: to break it off from here costs as much as a new one.
        question.Headers.ConnectionClose = ++_asked % QuestionsOfConnection == 0;
        using var answer = await _http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return true;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether it answers is the question; whose certificate it shows, those who pull look at.</summary>
    private static SslClientAuthenticationOptions AnyCertificate() => new()
    {
#pragma warning disable CA5359
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, // none: so the host's own are not read each time
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };
}
