using System.Net;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

/// <summary>ca.crt and ca.key: ours when both are missing, otherwise the operator's or a clear refusal.</summary>
public sealed class RootFilesTests : PkiFixture
{
    private static readonly LeafProfile Anyone = new("anyone") { Addresses = [IPAddress.Loopback] };

    /// <summary>How to turn the key that openssl made into each form that keys come in.</summary>
    public static TheoryData<string, string[]> GivenKeys => new()
    {
        { "rsa:2048", ["pkey", "-in", "made.key", "-out", "ca.key"] },
        { "rsa:2048", ["pkey", "-in", "made.key", "-traditional", "-out", "ca.key"] },
        { "ec:P-256", ["pkey", "-in", "made.key", "-out", "ca.key"] },
        { "ec:P-384", ["ec", "-in", "made.key", "-out", "ca.key"] },
    };

    [Fact]
    public void A_root_is_made_where_there_is_none_and_its_key_is_for_us_alone()
    {
        var made = CertificateAuthority.Open(Bsroot, Clock);

        Assert.Equal(made.RootPem, File.ReadAllText(Bsroot.CaCertificate));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Bsroot.CaKey));
        var text = OpenSslText(made.RootPem, "-text");
        Assert.Contains("Subject: CN = kube-ca", text);
        Assert.Contains("CA:TRUE, pathlen:0", text);
        Assert.Contains("ASN1 OID: prime256v1", text);
        Assert.Equal(3650, (made.NotAfter - Clock.GetUtcNow()).TotalDays, tolerance: 0.1);
    }

    [Fact]
    public void The_root_is_made_once()
    {
        var first = CertificateAuthority.Open(Bsroot, Clock).RootPem;
        Assert.Equal(first, CertificateAuthority.Open(Bsroot, Clock).RootPem);
    }

    [Fact]
    public void Killed_between_the_two_files_of_a_new_root_we_finish_it_at_the_next_start()
    {
        var first = CertificateAuthority.Open(Bsroot, Clock).RootPem;
        File.Delete(Bsroot.CaCertificate);

        Assert.Equal(first, CertificateAuthority.Open(Bsroot, Clock).RootPem);
        Assert.Equal(first, File.ReadAllText(Bsroot.CaCertificate));
    }

    [Theory]
    [MemberData(nameof(GivenKeys))]
    public void A_given_root_signs_and_is_left_as_it_was(string newKey, string[] convert)
    {
        GiveRoot(newKey);
        File.Move(Bsroot.CaKey, Bsroot.At("made.key"));
        OpenSsl.Run(Bsroot.Root, convert);
        var (certificate, key) = (File.ReadAllText(Bsroot.CaCertificate), File.ReadAllText(Bsroot.CaKey));

        Bsroot.Write(
            Bsroot.At("leaf.crt"), CertificateAuthority.Open(Bsroot, Clock).Issue(Anyone, TimeSpan.FromDays(1)).CertificatePem);

        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "leaf.crt");
        Assert.Equal((certificate, key), (File.ReadAllText(Bsroot.CaCertificate), File.ReadAllText(Bsroot.CaKey)));
    }

    [Fact]
    public void A_given_root_without_key_identifier_signs_too()
    {
        OpenSsl.MakeRoot(Bsroot.Root, "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-addext", "subjectKeyIdentifier=none");
        Bsroot.Write(
            Bsroot.At("leaf.crt"), CertificateAuthority.Open(Bsroot, Clock).Issue(Anyone, TimeSpan.FromDays(1)).CertificatePem);
        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "leaf.crt");
    }

    /// <summary>As editors, 'openssl x509 -text' and 'cat' make them of one root.</summary>
    [Theory]
    [InlineData("lines of Windows")]
    [InlineData("text before it")]
    [InlineData("blanks behind the lines")]
    [InlineData("key before it")]
    [InlineData("no end of the last line")]
    public void Other_ways_to_write_the_files_change_nothing(string way)
    {
        GiveRoot();
        var (certificate, key) = (File.ReadAllText(Bsroot.CaCertificate), File.ReadAllText(Bsroot.CaKey));
        File.WriteAllText(Bsroot.CaCertificate, way switch
        {
            "lines of Windows" => certificate.Replace("\n", "\r\n", StringComparison.Ordinal),
            "text before it" => OpenSsl.Run(Bsroot.Root, "x509", "-in", "ca.crt", "-text"),
            "blanks behind the lines" => certificate.Replace("\n", " \n", StringComparison.Ordinal),
            "key before it" => key + certificate,
            _ => certificate.TrimEnd(),
        });
        File.WriteAllText(Bsroot.CaKey, way == "lines of Windows" ? key.Replace("\n", "\r\n", StringComparison.Ordinal) : key);

        var opened = CertificateAuthority.Open(Bsroot, Clock);
        Bsroot.Write(Bsroot.At("root.crt"), opened.RootPem);
        Bsroot.Write(Bsroot.At("leaf.crt"), opened.Issue(Anyone, TimeSpan.FromDays(1)).CertificatePem);
        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "root.crt", "leaf.crt");
        Assert.DoesNotContain("PRIVATE", opened.RootPem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-outform DER", "holds 0 readable PEM certificates")]
    [InlineData("-trustout", "holds 0 readable PEM certificates")]
    [InlineData("-pubkey -noout", "holds 0 readable PEM certificates")]
    public void A_file_that_is_no_certificate_in_PEM_is_refused(string form, string reason)
    {
        GiveRoot();
        OpenSsl.Run(Bsroot.Root, ["x509", "-in", "ca.crt", "-out", "other.crt", .. form.Split(' ')]);
        if (form.StartsWith("-pubkey", StringComparison.Ordinal))
        {
            File.WriteAllText(Bsroot.At("other.crt"), OpenSsl.Run(Bsroot.Root, "x509", "-in", "ca.crt", "-pubkey", "-noout"));
        }

        File.Move(Bsroot.At("other.crt"), Bsroot.CaCertificate, overwrite: true);
        AssertRefused(Bsroot.CaCertificate, reason);
    }

    [Fact]
    public void A_byte_order_mark_is_refused()
    {
        GiveRoot();
        File.WriteAllText(Bsroot.CaCertificate, "\uFEFF" + File.ReadAllText(Bsroot.CaCertificate));
        AssertRefused(Bsroot.CaCertificate, "begins with a byte order mark");
    }

    [Fact]
    public void A_chain_is_refused_whichever_comes_first()
    {
        GiveRoot();
        var root = File.ReadAllText(Bsroot.CaCertificate);
        OpenSsl.Run(
            Bsroot.Root, "req", "-x509", "-new", "-nodes", "-newkey", "rsa:2048", "-keyout", "sub.key", "-out", "sub.crt",
            "-CA", "ca.crt", "-CAkey", "ca.key", "-subj", "/CN=intermediate");
        var intermediate = File.ReadAllText(Bsroot.At("sub.crt"));
        foreach (var chain in new[] { root + intermediate, intermediate + root })
        {
            File.WriteAllText(Bsroot.CaCertificate, chain);
            AssertRefused(Bsroot.CaCertificate, "holds 2 readable PEM certificates");
        }
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        GiveRoot();
        File.Delete(Bsroot.CaKey);
        AssertRefused(Bsroot.CaKey, "is missing");
        Assert.False(File.Exists(Bsroot.CaKey));
    }

    [Fact]
    public void A_key_without_its_certificate_is_refused()
    {
        GiveRoot();
        File.Delete(Bsroot.CaCertificate);
        AssertRefused(Bsroot.CaCertificate, "is missing");
        Assert.False(File.Exists(Bsroot.CaCertificate));
    }

    [Theory]
    [InlineData("ec:P-256")]
    [InlineData("ec:P-384")]
    [InlineData("rsa:2048")]
    public void A_key_of_another_certificate_is_refused(string otherKey)
    {
        GiveRoot("ec:P-256");
        var certificate = File.ReadAllText(Bsroot.CaCertificate);
        GiveRoot(otherKey);
        File.WriteAllText(Bsroot.CaCertificate, certificate);
        AssertRefused(Bsroot.CaKey, "is not the key of the certificate beside it");
    }

    [Fact]
    public void An_unreadable_certificate_is_refused()
    {
        GiveRoot();
        File.WriteAllText(Bsroot.CaCertificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        AssertRefused(Bsroot.CaCertificate, "holds 0 readable PEM certificates");
    }

    [Fact]
    public void An_unreadable_key_is_refused_without_showing_it()
    {
        GiveRoot();
        File.WriteAllText(Bsroot.CaKey, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        var refusal = AssertRefused(Bsroot.CaKey, "cannot be read as a private key");
        Assert.DoesNotContain("c2VjcmV0", refusal.ToString());
    }

    [Fact]
    public void A_key_behind_a_passphrase_signs_once_the_passphrase_is_there_and_stays_locked()
    {
        GiveRoot();
        OpenSsl.Run(Bsroot.Root, "pkey", "-in", "ca.key", "-aes256", "-passout", "pass:x", "-out", "locked.key");
        File.Move(Bsroot.At("locked.key"), Bsroot.CaKey, overwrite: true);
        AssertRefused(Bsroot.CaKey, "is locked with a passphrase");

        File.WriteAllText(Bsroot.At("ca.passphrase"), "x\n");
        Bsroot.Write(
            Bsroot.At("leaf.crt"), CertificateAuthority.Open(Bsroot, Clock).Issue(Anyone, TimeSpan.FromDays(1)).CertificatePem);
        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "leaf.crt");
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(Bsroot.CaKey));
    }

    [Theory]
    [InlineData("basicConstraints=critical,CA:FALSE", "is not the certificate of an authority")]
    [InlineData("keyUsage=critical,digitalSignature", "may not sign certificates")]
    public void A_certificate_that_may_not_sign_others_is_refused(string extension, string reason)
    {
        OpenSsl.MakeRoot(Bsroot.Root, "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-addext", extension);
        AssertRefused(Bsroot.CaCertificate, reason);
    }

    [Fact]
    public void A_weak_key_is_refused()
    {
        OpenSsl.MakeRoot(Bsroot.Root, "rsa:1024");
        AssertRefused(Bsroot.CaCertificate, "is an RSA key of 1024 bits");
    }

    [Fact]
    public void An_intermediate_is_refused()
    {
        GiveRoot();
        OpenSsl.Sign(Bsroot.Root, "sub", "-subj", "/CN=intermediate");
        File.Move(Bsroot.At("sub.crt"), Bsroot.CaCertificate, overwrite: true);
        AssertRefused(Bsroot.CaCertificate, "was issued by 'CN=operators-ca' and is not a root");
    }

    [Fact]
    public void More_than_the_root_in_one_file_is_refused()
    {
        GiveRoot();
        File.AppendAllText(Bsroot.CaCertificate, File.ReadAllText(Bsroot.CaCertificate));
        AssertRefused(Bsroot.CaCertificate, "holds 2 readable PEM certificates");
    }

    [Fact]
    public void A_root_beside_a_broken_certificate_is_refused()
    {
        GiveRoot();
        File.AppendAllText(Bsroot.CaCertificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        AssertRefused(Bsroot.CaCertificate, "holds 0 readable PEM certificates");
    }

    [Fact]
    public void An_expired_root_is_refused()
    {
        GiveRoot();
        Clock.Advance(TimeSpan.FromDays(31));
        AssertRefused(Bsroot.CaCertificate, "expired on");
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_refused()
    {
        GiveRoot();
        File.Delete(Bsroot.CaKey);
        File.CreateSymbolicLink(Bsroot.CaKey, "/proc/self/mem");
        AssertRefused(Bsroot.CaKey, "cannot be read");
    }

    private void GiveRoot(string newKey = "ec:P-256") =>
        OpenSsl.MakeRoot(Bsroot.Root, newKey.StartsWith("ec:", StringComparison.Ordinal)
            ? ["ec", "-pkeyopt", $"ec_paramgen_curve:{newKey[3..]}"]
            : [newKey]);

    private PkiException AssertRefused(string file, string reason)
    {
        var refusal = Assert.Throws<PkiException>(() => CertificateAuthority.Open(Bsroot, Clock));
        Assert.Contains(file, refusal.Message);
        Assert.Contains(reason, refusal.Message);
        return refusal;
    }
}
