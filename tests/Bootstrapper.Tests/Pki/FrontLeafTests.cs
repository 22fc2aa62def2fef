using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

public sealed class FrontLeafTests : PkiFixture
{
    [Theory]
    [InlineData("-verify_hostname", "registry")]
    [InlineData("-verify_hostname", "registry.k8s.example")]
    [InlineData("-verify_hostname", "bootstrapper")]
    [InlineData("-verify_hostname", "bootstrapper.k8s.example")]
    [InlineData("-verify_ip", "10.10.14.253")]
    public void Openssl_accepts_it_under_each_name_that_nodes_dial(string option, string name)
    {
        Assert.True(Open().Ensure(Cluster));
        OpenSsl.Verify(Bsroot.Root, "-purpose", "sslserver", option, name, "bootstrapper.crt");
    }

    [Fact]
    public void Its_key_is_for_us_alone_and_its_request_asks_for_the_same_names()
    {
        Open().Ensure(Cluster);

        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Bsroot.FrontKey));
        Assert.Equal(Bsroot.PublicFile, File.GetUnixFileMode(Bsroot.FrontCertificate));
        var request = OpenSsl.Run(Bsroot.Root, "req", "-in", "bootstrapper.csr", "-noout", "-verify", "-text");
        Assert.Contains(
            "DNS:registry, DNS:registry.k8s.example, DNS:bootstrapper, DNS:bootstrapper.k8s.example, IP Address:10.10.14.253",
            request);
    }

    [Fact]
    public void Its_request_is_for_the_key_that_it_has()
    {
        Open().Ensure(Cluster);
        Assert.Equal(
            OpenSsl.Run(Bsroot.Root, "pkey", "-in", "bootstrapper.key", "-pubout"),
            OpenSsl.Run(Bsroot.Root, "req", "-in", "bootstrapper.csr", "-noout", "-pubkey"));
    }

    [Fact]
    public void While_it_stays_the_same_what_connections_are_shown_stays_the_same()
    {
        var front = Open();
        front.Ensure(Cluster);
        var shown = front.Certificate;
        front.Ensure(Cluster);
        Assert.Same(shown, front.Certificate);
    }

    [Fact]
    public void It_is_kept_over_restarts()
    {
        Open().Ensure(Cluster);
        var issued = File.ReadAllText(Bsroot.FrontCertificate);

        Assert.False(Open().Ensure(Cluster));
        Assert.Equal(issued, File.ReadAllText(Bsroot.FrontCertificate));
    }

    [Fact]
    public void It_is_issued_again_when_a_name_changes()
    {
        var front = Open();
        front.Ensure(Cluster);
        var before = front.Certificate;

        Assert.True(front.Ensure(Cluster with { DockerDomain = "images" }));
        Assert.True(front.Certificate.MatchesHostname("images.k8s.example"));
        Assert.False(before.MatchesHostname("images.k8s.example"));
    }

    [Fact]
    public void It_is_issued_again_under_another_root_of_the_same_name()
    {
        Open().Ensure(Cluster);
        File.Delete(Bsroot.CaCertificate);
        File.Delete(Bsroot.CaKey);

        Assert.True(Open().Ensure(Cluster));
        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "bootstrapper.crt");
    }

    [Theory]
    [InlineData("bootstrapper.crt", null)]
    [InlineData("bootstrapper.key", null)]
    [InlineData("bootstrapper.crt", "")]
    [InlineData("bootstrapper.key", "half a ke")]
    public void It_is_issued_again_when_a_file_is_missing_or_broken(string file, string? content)
    {
        var front = Open();
        front.Ensure(Cluster);
        File.Delete(Bsroot.At(file));
        if (content is not null)
        {
            File.WriteAllText(Bsroot.At(file), content);
        }

        Assert.True(front.Ensure(Cluster));
        Assert.False(front.Ensure(Cluster));
    }

    [Fact]
    public void Killed_between_key_and_certificate_we_issue_again()
    {
        Open().Ensure(Cluster);
        var certificate = File.ReadAllText(Bsroot.FrontCertificate);
        File.Delete(Bsroot.FrontCertificate);
        Open().Ensure(Cluster);
        File.WriteAllText(Bsroot.FrontCertificate, certificate); // new key, old certificate

        Assert.True(Open().Ensure(Cluster));
    }

    [Fact]
    public void It_is_renewed_when_a_third_of_its_life_remains_and_not_before()
    {
        var front = Open();
        front.Ensure(Cluster);

        Clock.Advance(TimeSpan.FromDays(243));
        Assert.False(front.Ensure(Cluster));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(front.Ensure(Cluster));
    }

    [Fact]
    public void A_leaf_that_ends_with_the_root_is_not_renewed_over_and_over()
    {
        OpenSsl.MakeRoot(Bsroot.Root, "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        var front = Open();
        front.Ensure(Cluster);

        Clock.Advance(TimeSpan.FromDays(29));
        Assert.False(front.Ensure(Cluster));
    }

    [Fact]
    public async Task A_server_shows_it_to_a_client_that_trusts_the_root_alone()
    {
        var front = Open();
        front.Ensure(Cluster);
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        var serving = Serve(listener, front.Certificate);

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(TrustingTheRoot("registry.k8s.example"), TestContext.Current.CancellationToken);
        await serving;

        Assert.Equal(front.Certificate.Thumbprint, new X509Certificate2(tls.RemoteCertificate!).Thumbprint);
    }

    private static async Task Serve(TcpListener listener, X509Certificate2 certificate)
    {
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(accepted.GetStream());
        await tls.AuthenticateAsServerAsync(certificate);
    }

    private SslClientAuthenticationOptions TrustingTheRoot(string host) => new()
    {
        TargetHost = host,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Bsroot.CaCertificate) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private FrontLeaf Open() => new(Bsroot, Authorities.Open(Bsroot, Clock), Clock);
}
