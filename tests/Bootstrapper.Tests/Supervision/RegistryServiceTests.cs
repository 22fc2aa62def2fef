using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Pki;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

/// <summary>With the real registry, over TLS with a leaf of our own.</summary>
public sealed class RegistryServiceTests : SupervisionFixture
{
    private readonly IPEndPoint _registry = FreePort();

    [Fact(
        SkipUnless = nameof(ExternalTools.DockerRegistryPresent),
        SkipType = typeof(ExternalTools),
        Skip = "docker-registry is not installed")]
    public async Task It_answers_logs_under_its_name_and_shows_a_new_leaf_after_a_restart()
    {
        var leaf = new RegistryLeaf(Bsroot, Authorities.Open(Bsroot, TimeProvider.System), TimeProvider.System);
        leaf.Ensure(Clusters.Small);
        Bsroot.Write(Bsroot.RegistryConf, Conf());
        using var probe = new RegistryProbe(_registry);
        var supervisor = Supervise(RegistryService.Spec(Bsroot, _registry.Port, probe.AnswersAsync));
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);
        Assert.Equal(leaf.Certificate.Thumbprint, await ShownAsync());
        await Eventually.True(() => Loggers.Entries.Any( // it is read behind the answer
            entry => entry.Category == "registry" && entry.Message.Contains("listening on", StringComparison.Ordinal)));

        Assert.True(leaf.Ensure(Clusters.Small with { DockerDomain = "images" }));
        supervisor.RequestRestart();

        await Eventually.True(() => supervisor.Status is { State: ServiceState.Ready, Restarts: 1 });
        Assert.Equal(leaf.Certificate.Thumbprint, await ShownAsync());
    }

    private async Task<string> ShownAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_registry, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(TrustingOurRoot(), TestContext.Current.CancellationToken);
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }

    private SslClientAuthenticationOptions TrustingOurRoot() => new()
    {
        TargetHost = "bootstrapper",
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Bsroot.CaCertificate) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private string Conf() => $"""
        version: 0.1
        log: {"{ level: info }"}
        storage:
          filesystem:
            rootdirectory: {Bsroot.RegistryStorage}
        http:
          addr: {_registry}
          tls:
            certificate: {Bsroot.RegistryCertificate}
            key: {Bsroot.RegistryKey}

        """;
}
