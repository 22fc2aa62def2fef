using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

public sealed class CertificateAuthorityTests : PkiFixture
{
    private static readonly LeafProfile ApiServer = new("kube-apiserver")
    {
        Organizations = ["system:masters", "second"],
        DnsNames = ["kubernetes", "kubernetes.default.svc"],
        Addresses = [IPAddress.Parse("10.96.0.1")],
        Usage = LeafUsage.Server,
    };

    [Fact]
    public void Openssl_accepts_a_leaf_for_the_names_and_the_use_it_was_issued_for()
    {
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Bsroot.Write(Bsroot.At("leaf.crt"), authority.Issue(ApiServer, TimeSpan.FromDays(1)).CertificatePem);

        OpenSsl.Verify(Bsroot.Root, "-purpose", "sslserver", "-verify_hostname", "kubernetes", "leaf.crt");
        OpenSsl.Verify(Bsroot.Root, "-purpose", "sslserver", "-verify_ip", "10.96.0.1", "leaf.crt");
        Assert.ThrowsAny<Exception>(() =>
            OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "-purpose", "sslclient", "leaf.crt"));
        Assert.ThrowsAny<Exception>(() =>
            OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "-verify_hostname", "example.com", "leaf.crt"));
    }

    [Fact]
    public void A_leaf_says_every_part_of_its_profile()
    {
        var leaf = CertificateAuthority.Open(Bsroot, Clock).Issue(ApiServer, TimeSpan.FromDays(1));
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);

        Assert.Equal(ApiServer, LeafEncoding.ProfileOf(certificate));
        Assert.Equal(256, certificate.GetECDsaPrivateKey()!.KeySize);
        var text = OpenSslText(leaf.CertificatePem, "-text");
        Assert.Contains("Authority Key Identifier", text);
        Assert.Contains("Subject Key Identifier", text);
        Assert.Contains("O = second, O = system:masters, CN = kube-apiserver", text);
    }

    [Fact]
    public void A_leaf_begins_before_the_present_and_never_ends_after_the_root()
    {
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        using var leaf = Certificate(authority.Issue(ApiServer, TimeSpan.FromDays(40_000)));

        Assert.Equal(authority.NotAfter.UtcDateTime, leaf.NotAfter.ToUniversalTime());
        Assert.InRange(
            Clock.GetUtcNow().UtcDateTime - leaf.NotBefore.ToUniversalTime(), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.1));
    }

    [Fact]
    public void A_root_that_expired_while_we_ran_signs_no_more()
    {
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Clock.Advance(TimeSpan.FromDays(3651));

        var refusal = Assert.Throws<PkiException>(() => authority.Issue(ApiServer, TimeSpan.FromDays(1)));
        Assert.Contains("ca.crt expired on", refusal.Message);
    }

    [Fact]
    public void Serial_numbers_are_positive_fill_sixteen_octets_and_differ_whichever_thread_asks()
    {
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        var serials = Enumerable.Range(0, 64).AsParallel()
            .Select(_ => authority.Issue(ApiServer, TimeSpan.FromDays(1)))
            .Select(Certificate).Select(certificate => certificate.GetSerialNumberString()).ToList();

        Assert.All(serials, serial => Assert.Matches("^[4-7][0-9A-F]{31}$", serial));
        Assert.Equal(serials.Count, serials.Distinct().Count());
    }

    [Fact]
    public void A_leaf_for_clients_alone_has_no_alternative_names()
    {
        var leaf = CertificateAuthority.Open(Bsroot, Clock).Issue(
            new LeafProfile("admin") { Usage = LeafUsage.Client }, TimeSpan.FromDays(1));
        Bsroot.Write(Bsroot.At("leaf.crt"), leaf.CertificatePem);

        Assert.DoesNotContain("Alternative", OpenSslText(leaf.CertificatePem, "-text"));
        OpenSsl.Verify(Bsroot.Root, "-purpose", "sslclient", "leaf.crt");
    }

    [Fact]
    public void A_leaf_is_no_authority_and_says_what_its_key_is_for()
    {
        var text = OpenSslText(CertificateAuthority.Open(Bsroot, Clock)
            .Issue(new LeafProfile("x") { DnsNames = ["one"] }, TimeSpan.FromDays(1)).CertificatePem, "-text")
            .Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("X509v3BasicConstraints:critical\nCA:FALSE\n", text);
        Assert.Contains("X509v3KeyUsage:critical\nDigitalSignature\n", text);
        Assert.Contains("X509v3ExtendedKeyUsage:\nTLSWebServerAuthentication,TLSWebClientAuthentication\n", text);
        Assert.Contains("X509v3SubjectAlternativeName:\nDNS:one\n", text);
        Assert.Contains("X509v3SubjectKeyIdentifier:\n", text);
    }

    [Fact]
    public void Profiles_are_the_same_when_every_part_is()
    {
        var same = ApiServer with
        {
            Organizations = [.. ApiServer.Organizations],
            DnsNames = [.. ApiServer.DnsNames],
            Addresses = [.. ApiServer.Addresses],
        };
        Assert.Equal(ApiServer, same);
        Assert.Equal(ApiServer.GetHashCode(), same.GetHashCode());
        Assert.All(
            [
                same with { CommonName = "other" },
                same with { Usage = LeafUsage.Client },
                same with { Organizations = ["second", "system:masters"] },
                same with { DnsNames = ["kubernetes"] },
                same with { Addresses = [] },
            ],
            other => Assert.NotEqual(ApiServer, other));
    }

    [Fact]
    public void A_client_may_show_what_a_root_of_ours_signed_for_clients_until_it_expires()
    {
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        using var client = Certificate(authority.Issue(new LeafProfile("x") { Usage = LeafUsage.Client }, TimeSpan.FromDays(2)));
        using var server = Certificate(authority.Issue(ApiServer, TimeSpan.FromDays(2)));
        using var others = Certificate(CertificateAuthority.Open(Bsroot, Clock, RootName.Etcd).Issue(
            new LeafProfile("x") { Usage = LeafUsage.Client }, TimeSpan.FromDays(2)));

        Assert.True(authority.AcceptsClient(client));
        Assert.False(authority.AcceptsClient(server));
        Assert.False(authority.AcceptsClient(others));
        Clock.Advance(TimeSpan.FromDays(3));
        Assert.False(authority.AcceptsClient(client));
        Assert.True(authority.HasSigned(client));
    }

    /// <summary>Whoever shows a certificate could have us ask for the next one at an address of their choice.</summary>
    [Fact]
    public void Nothing_is_fetched_to_judge_a_certificate()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(
            [], [$"http://{elsewhere.LocalEndpoint}/ca.crt"]));
        using var shown = request.Create(
            new X500DistinguishedName("CN=nobody"),
            X509SignatureGenerator.CreateForECDsa(key),
            Clock.GetUtcNow().AddDays(-1),
            Clock.GetUtcNow().AddDays(1),
            [1]);

        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Assert.False(authority.AcceptsClient(shown));
        Assert.False(authority.HasSigned(shown));
        Assert.False(elsewhere.Pending());
    }

    [Fact]
    public void What_is_printed_of_a_leaf_holds_no_key() =>
        Assert.DoesNotContain("PRIVATE", $"{CertificateAuthority.Open(Bsroot, Clock).Issue(ApiServer, TimeSpan.FromDays(1))}");

    private static X509Certificate2 Certificate(Leaf leaf) => X509Certificate2.CreateFromPem(leaf.CertificatePem);
}
