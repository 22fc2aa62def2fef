using System.Net;
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

        OpenSsl.Run(Bsroot.Root, "verify", "-x509_strict", "-CAfile", "ca.crt", "-purpose", "sslserver", "-verify_hostname", "kubernetes", "leaf.crt");
        OpenSsl.Run(Bsroot.Root, "verify", "-x509_strict", "-CAfile", "ca.crt", "-purpose", "sslserver", "-verify_ip", "10.96.0.1", "leaf.crt");
        Assert.ThrowsAny<Exception>(() => OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "-purpose", "sslclient", "leaf.crt"));
        Assert.ThrowsAny<Exception>(() => OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "-verify_hostname", "example.com", "leaf.crt"));
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
        Assert.InRange(Clock.GetUtcNow().UtcDateTime - leaf.NotBefore.ToUniversalTime(), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.1));
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
        var leaf = CertificateAuthority.Open(Bsroot, Clock).Issue(new LeafProfile("admin") { Usage = LeafUsage.Client }, TimeSpan.FromDays(1));
        Bsroot.Write(Bsroot.At("leaf.crt"), leaf.CertificatePem);

        Assert.DoesNotContain("Alternative", OpenSslText(leaf.CertificatePem, "-text"));
        OpenSsl.Run(Bsroot.Root, "verify", "-x509_strict", "-CAfile", "ca.crt", "-purpose", "sslclient", "leaf.crt");
    }

    [Fact]
    public void What_is_printed_of_a_leaf_holds_no_key() =>
        Assert.DoesNotContain("PRIVATE", $"{CertificateAuthority.Open(Bsroot, Clock).Issue(ApiServer, TimeSpan.FromDays(1))}");

    private static X509Certificate2 Certificate(Leaf leaf) => X509Certificate2.CreateFromPem(leaf.CertificatePem);
}
