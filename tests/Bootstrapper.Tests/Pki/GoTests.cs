using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Host;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Pki;

/// <summary>
/// Go's crypto/x509, which Kubernetes and etcd look at certificates with, judges given roots beside us: skopeo, which is written
/// in Go, is pointed at a server whose certificate openssl signed with the root. Whatever Go refuses we refuse, and what we take
/// Go believes.
/// </summary>
[Trait("Category", "Slow")]
public sealed class GoTests : PkiFixture
{
    private const string P256 = "ec -pkeyopt ec_paramgen_curve:P-256";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(
        SkipUnless = nameof(ExternalTools.DockerRegistryAndSkopeoPresent),
        SkipType = typeof(ExternalTools),
        Skip = "skopeo is not installed")]
    [InlineData(true, P256)]
    [InlineData(true, "ec -pkeyopt ec_paramgen_curve:P-521")]
    [InlineData(true, "rsa:2048 -pkeyopt rsa_keygen_pubexp:3")]
    [InlineData(true, P256 + " -addext extendedKeyUsage=clientAuth,serverAuth")]
    [InlineData(true, P256 + " -addext certificatePolicies=critical,2.5.29.32.0")]
    [InlineData(true, P256 + " -addext subjectAltName=critical,email:pki@example.com")]
    [InlineData(true, P256 + " -addext nameConstraints=critical,permitted;email:example.com")]
    [InlineData(true, P256 + " -addext nameConstraints=critical,permitted;IP:127.0.0.0/255.0.0.0,excluded;DNS:example.com")]
    [InlineData(false, "ec -pkeyopt ec_paramgen_curve:secp256k1")]
    [InlineData(false, "ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit")]
    [InlineData(false, "rsa-pss -pkeyopt rsa_keygen_bits:2048")]
    [InlineData(false, P256 + " -addext extendedKeyUsage=clientAuth")]
    [InlineData(false, P256 + " -addext 1.2.3.4=critical,DER:0500")]
    [InlineData(false, P256 + " -addext policyConstraints=critical,requireExplicitPolicy:0")]
    [InlineData(false, P256 + " -addext issuerAltName=critical,email:pki@example.com")]
    [InlineData(false, P256 + " -addext nameConstraints=critical,permitted;dirName:dn")]
    [InlineData(false, P256 + " -addext nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0")]
    public async Task Go_agrees_with_us_on_a_root(bool good, string newKey)
    {
        await File.WriteAllTextAsync(
            Bsroot.At("root.cnf"),
            "[req]\ndistinguished_name=empty\nx509_extensions=root\n[empty]\n[root]\nsubjectKeyIdentifier=hash\n"
                + "basicConstraints=critical,CA:TRUE\n[dn]\nO=Example\n", Cancellation);
        OpenSsl.MakeRoot(Bsroot.Root, [.. newKey.Split(' '), "-config", "root.cnf"]);
        OpenSsl.Sign(
            Bsroot.Root,
            "leaf",
            ["-subj", "/CN=x", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:127.0.0.1"]);

        var objection = Record.Exception(() =>
            CertificateAuthority.Open(Bsroot, Clock).RequireNames([new LeafProfile("x") { Addresses = [IPAddress.Loopback] }]));
        Assert.Equal(good, objection is null);
        Assert.Equal(good, await GoBelievesAsync());
    }

    /// <summary>
    /// The server answers every request with 404, which skopeo tells; a certificate that it does not believe it tells as
    /// <c>x509: …</c>.
    /// </summary>
    private async Task<bool> GoBelievesAsync()
    {
        var certificates = Directory.CreateDirectory(Bsroot.At("certs")).FullName;
        File.Copy(Bsroot.CaCertificate, Path.Combine(certificates, "ca.crt"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var serving = ServeAsync(listener, stopped.Token);
        var run = new ProgramRun(
            "skopeo", ["inspect", "--cert-dir", certificates, $"docker://{listener.LocalEndpoint}/x"], TimeSpan.FromMinutes(1));
        var said = (await run.RunAsync(Cancellation)).Errors;
        await stopped.CancelAsync();
        await serving;
        var refused = said.Contains("x509: ", StringComparison.Ordinal);
        Assert.True(refused || said.Contains("404", StringComparison.Ordinal), said);
        return !refused;
    }

    private async Task ServeAsync(TcpListener listener, CancellationToken stopped)
    {
        using var leaf = X509Certificate2.CreateFromPemFile(Bsroot.At("leaf.crt"), Bsroot.At("leaf.key"));
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stopped);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(leaf);
                _ = await tls.ReadAtLeastAsync(new byte[4096], minimumBytes: 1, throwOnEndOfStream: true, stopped);
                await tls.WriteAsync(
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stopped);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
            {
                // It hung up, because it does not believe us, or the test is over.
            }
        }
    }
}
