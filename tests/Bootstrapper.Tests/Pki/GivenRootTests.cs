using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace Bootstrapper.Tests.Pki;

/// <summary>
/// Roots as operators make them: those whose certificates clients believe sign, the others are refused before anything is signed.
/// </summary>
public sealed class GivenRootTests : PkiFixture
{
    private const string P256 = "ec -pkeyopt ec_paramgen_curve:P-256";

    private static readonly LeafProfile Both =
        new("n1") { DnsNames = ["n1.corp.example.com"], Addresses = [IPAddress.Parse("10.10.14.1")] };

    /// <summary>With them and without, the root is one that everybody believes.</summary>
    [Theory]
    [InlineData(P256)]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-521")]
    [InlineData("rsa:3072")]
    [InlineData(P256, "basicConstraints=critical,CA:TRUE,pathlen:0")]
    [InlineData(P256, "keyUsage=critical,keyCertSign")]
    [InlineData(P256, "keyUsage=critical,keyCertSign,cRLSign,digitalSignature")]
    [InlineData(P256, "extendedKeyUsage=serverAuth,clientAuth")]
    [InlineData(P256, "extendedKeyUsage=critical,clientAuth,serverAuth,emailProtection")]
    [InlineData(P256, "subjectAltName=email:pki@example.com")]
    [InlineData(P256, "certificatePolicies=critical,2.5.29.32.0")]
    [InlineData(P256, "1.2.3.4=DER:0500")]
    [InlineData(P256, "nameConstraints=critical,permitted;DNS:corp.example.com,permitted;IP:10.0.0.0/255.0.0.0")]
    [InlineData(P256, "nameConstraints=critical,permitted;DNS:.corp.example.com")]
    [InlineData(P256, "nameConstraints=critical,excluded;DNS:example.org,excluded;IP:192.168.0.0/255.255.0.0")]
    [InlineData(P256, "nameConstraints=permitted;email:example.com")]
    [InlineData(P256, "keyUsage=keyCertSign,cRLSign")]
    [InlineData("rsa:2048 -sha1")]
    [InlineData("rsa:2048 -sha512 -sigopt rsa_padding_mode:pss")]
    [InlineData("rsa:2048 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1")]
    public void What_a_good_root_signs_is_believed_at_both_ends(string newKey, string? extension = null)
    {
        Make(newKey, extension is null ? [] : ["-addext", extension]);
        Bsroot.Write(Bsroot.At("leaf.crt"), Open().Issue(Both, TimeSpan.FromDays(1)).CertificatePem);
        foreach (var purpose in new[] { "sslserver", "sslclient" })
        {
            OpenSsl.Run(
                Bsroot.Root,
                "verify",
                "-CAfile",
                "ca.crt",
                "-purpose",
                purpose,
                "-verify_hostname",
                "n1.corp.example.com",
                "leaf.crt");
        }
    }

    /// <summary>Each of these was taken once, and refused by the first client that met what it had signed.</summary>
    [Theory]
    [InlineData("ed25519", "has a key that clients refuse: it is an Ed25519 key, and browsers do not accept those")]
    [InlineData(
        "ec -pkeyopt ec_paramgen_curve:P-224", "it is a key on the elliptic curve secp224r1; give a root with RSA of 2048")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:secp256k1", "it is a key on the elliptic curve secp256k1")]
    [InlineData(
        "ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        "it is an elliptic-curve key that spells its curve out")]
    [InlineData("rsa-pss -pkeyopt rsa_keygen_bits:2048", "it is a key for RSASSA-PSS alone")]
    [InlineData("rsa:1024", "it is an RSA key of 1024 bits")]
    [InlineData("rsa:2048 -pkeyopt rsa_keygen_pubexp:4294967297", "with the public exponent 4294967297")]
    [InlineData(P256 + " -set_serial 0", "has the serial number 0, and clients take only positive ones")]
    [InlineData(P256 + " -set_serial -5", "has the serial number -5")]
    [InlineData(P256 + " -set_serial 0x7f00000000000000000000000000000000000000ff", "has a serial number of more than 20 octets")]
    [InlineData(
        P256 + " -addext 2.5.29.35=DER:3006800401020304", "names another certificate as its issuer (authorityKeyIdentifier)")]
    [InlineData(P256 + " -addext basicConstraints=critical,CA:FALSE", "is not the certificate of an authority")]
    [InlineData(P256 + " -addext keyUsage=critical,cRLSign", "may not sign certificates")]
    [InlineData(P256 + " -addext 2.5.29.14=critical,DER:040401020304", "has an extension, 2.5.29.14, that is critical")]
    [InlineData(
        P256 + " -addext policyConstraints=critical,requireExplicitPolicy:0", "has an extension, 2.5.29.36, that is critical")]
    [InlineData(P256 + " -addext nameConstraints=critical,permitted;dirName:dn", "has name constraints of another kind than")]
    [InlineData(
        P256 + " -addext 2.5.29.30=critical,DER:300AA0083006820178800101", "has name constraints with minimum or maximum")]
    [InlineData(
        P256 + " -addext 2.5.29.30=critical,DER:300AA0083006820178810101", "has name constraints with minimum or maximum")]
    public void A_root_that_some_client_refuses_is_refused(string newKey, string reason)
    {
        Make(newKey);
        AssertRefused(reason);
    }

    /// <summary>OpenSSL is asked: it signs with the root itself, and refuses to believe what it signed.</summary>
    [Theory]
    [InlineData("extendedKeyUsage=serverAuth", "may sign for other uses alone (extendedKeyUsage 1.3.6.1.5.5.7.3.1)")]
    [InlineData("extendedKeyUsage=clientAuth", "may sign for other uses alone")]
    [InlineData("extendedKeyUsage=anyExtendedKeyUsage", "may sign for other uses alone")]
    [InlineData("extendedKeyUsage=emailProtection,codeSigning", "may sign for other uses alone")]
    [InlineData("1.2.3.4=critical,DER:0500", "has an extension, 1.2.3.4, that is critical and that not every client knows")]
    [InlineData("issuerAltName=critical,email:pki@example.com", "has an extension, 2.5.29.18, that is critical")]
    public void What_openssl_does_not_believe_is_refused(string extension, string reason)
    {
        Make(P256, "-addext", extension);
        AssertRefused(reason);
        Assert.Contains(["sslserver", "sslclient"], purpose => !OpenSslBelieves("-purpose", purpose));
    }

    [Theory]
    [InlineData("critical,permitted;DNS:.corp.example.com", "control-1")]
    [InlineData("critical,permitted;DNS:corp.example.com", "corp.example.org")]
    [InlineData("critical,permitted;DNS:.corp.example.com", "corp.example.com")]
    [InlineData("critical,permitted;DNS:corp.example.com", "evilcorp.example.com")]
    [InlineData("permitted;DNS:corp.example.com", "localhost")]
    [InlineData("critical,permitted;IP:10.0.0.0/255.0.0.0", "192.168.1.1")]
    [InlineData("critical,excluded;DNS:k8s.example", "n1.k8s.example")]
    [InlineData("critical,excluded;IP:10.10.0.0/255.255.0.0", "10.10.14.1")]
    public void A_name_that_the_root_is_not_to_sign_for_is_not_signed_for_and_openssl_agrees(string constraints, string name)
    {
        Make(P256, "-addext", $"nameConstraints={constraints}");
        var profile = IPAddress.TryParse(name, out var address)
            ? new LeafProfile("x") { Addresses = [address] }
            : new LeafProfile("x") { DnsNames = [name] };

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = Open();
        Assert.Contains(
            $"{Bsroot.CaCertificate} may not sign for {name}: its name constraints",
            Assert.Throws<PkiException>(() => authority.Issue(profile, TimeSpan.FromDays(1))).Message);
        Assert.Throws<PkiException>(() => authority.Issue(profile, new PublicKey(key), TimeSpan.FromDays(1)));
        Assert.False(OpenSslBelieves("-addext", address is null ? $"subjectAltName=DNS:{name}" : $"subjectAltName=IP:{name}"));
    }

    [Fact]
    public void Every_name_of_the_description_is_tried_on_a_constrained_root_and_some_are_told()
    {
        Make(P256, "-addext", "nameConstraints=critical,permitted;DNS:k8s.example");
        var cluster = Clusters.Small with { Nodes = [.. ThreeMastersTwoWorkers.Masters, .. ThreeMastersTwoWorkers.Workers] };
        var refusal = Assert.Throws<PkiException>(() => Authorities.Open(Bsroot, Clock).RequireNames(cluster));
        Assert.Contains(
            $"{Bsroot.CaCertificate} may not sign for registry, bootstrapper, master1, kubernetes, kubernetes.default and ",
            refusal.Message);
        Assert.Contains("give a root without name constraints", refusal.Message);
    }

    [Fact]
    public void Five_names_are_told_and_more_are_counted()
    {
        Make(P256, "-addext", "nameConstraints=critical,permitted;DNS:k8s.example");
        Assert.Contains("may not sign for n1, n2, n3, n4, n5: its", Refusal(5));
        Assert.Contains("may not sign for n1, n2, n3, n4, n5 and 1 more: its", Refusal(6));

        string Refusal(int names) => Assert.Throws<PkiException>(
            () => Open().RequireNames(
                [new LeafProfile("x") { DnsNames = [.. Enumerable.Range(1, names).Select(number => $"n{number}")] }])).Message;
    }

    [Theory]
    [InlineData("etcd-ca", "excluded;DNS:localhost", "localhost")]
    [InlineData("etcd-ca", "excluded;IP:127.0.0.0/255.0.0.0", "127.0.0.1")]
    [InlineData("ca", "excluded;DNS:kubernetes.default.svc", "kubernetes.default.svc")]
    [InlineData("ca", "excluded;IP:10.100.0.1/255.255.255.255", "10.100.0.1")]
    [InlineData("ca", "excluded;DNS:registry", "registry")]
    [InlineData("ca", "excluded;DNS:cluster.example.org", "cluster.example.org")]
    [InlineData("ca", "excluded;DNS:api.k8s.example", "api.k8s.example")]
    [InlineData("ca", "excluded;IP:10.10.14.253/255.255.255.255", "10.10.14.253")]
    public void Each_root_is_tried_with_what_it_signs(string root, string constraints, string name)
    {
        Make(P256, "-addext", $"nameConstraints=critical,{constraints}");
        File.Move(Bsroot.CaCertificate, Bsroot.At("made.crt"));
        File.Move(Bsroot.CaKey, Bsroot.At("made.key"));
        Authorities.Open(Bsroot, Clock);
        File.Move(Bsroot.At("made.crt"), Bsroot.At($"{root}.crt"), overwrite: true);
        File.Move(Bsroot.At("made.key"), Bsroot.At($"{root}.key"), overwrite: true);

        var refusal = Assert.Throws<PkiException>(() =>
            Authorities.Open(Bsroot, Clock).RequireNames(ThreeMastersTwoWorkers.Cluster));
        Assert.Contains($"{root}.crt may not sign for {name}", refusal.Message);
    }

    [Fact]
    public async Task A_description_with_a_name_that_the_root_is_not_to_sign_for_is_not_put_into_force()
    {
        Make(P256, "-addext", "nameConstraints=critical,excluded;DNS:n9");
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        {
            File.Copy(Bsroot.CaCertificate, bsroot.CaCertificate);
            File.Copy(Bsroot.CaKey, bsroot.CaKey);
        });
        var before = daemon.Current.Value;
        var next = new Snapshot(
            before.Cluster with { Nodes = [Sample.Node(), Sample.Node(9)] }, daemon.Bsroot, TemplateSet.Of([]));
        var refusal = await Assert.ThrowsAsync<PkiException>(() =>
            daemon.Part<Activation>().ActivateAsync(next, TestContext.Current.CancellationToken));
        Assert.Contains("may not sign for n9: its name constraints", refusal.Message);
        Assert.Same(before, daemon.Current.Value);
    }

    [Fact]
    public void A_root_whose_key_is_in_compressed_form_is_refused()
    {
        OpenSsl.Run(Bsroot.Root, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "made.key");
        OpenSsl.Run(Bsroot.Root, "ec", "-in", "made.key", "-conv_form", "compressed", "-out", "ca.key");
        OpenSsl.Run(
            Bsroot.Root, "req", "-x509", "-new", "-key", "ca.key", "-out", "ca.crt", "-days", "30", "-subj", "/CN=operators-ca");
        AssertRefused("it is an elliptic-curve key in compressed form");
    }

    [Fact]
    public void A_root_whose_time_has_not_come_is_refused()
    {
        Make(P256);
        Assert.Contains("is not valid before", Assert.Throws<PkiException>(() =>
            CertificateAuthority.Open(Bsroot, new ManualClock(Clock.GetUtcNow() - TimeSpan.FromDays(1)))).Message);
    }

    [Fact]
    public void A_root_that_never_ends_signs()
    {
        Give("CN=forever", new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        Bsroot.Write(Bsroot.At("leaf.crt"), Open().Issue(Both, TimeSpan.FromDays(1)).CertificatePem);
        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "leaf.crt");
    }

    [Fact]
    public void A_root_without_a_name_is_refused()
    {
        Give("", Clock.GetUtcNow().AddDays(30));
        AssertRefused("is not built as RFC 5280 has it (certificate issuer is an empty distinguished name)");
    }

    [Theory]
    [InlineData("ops_team", false)]
    [InlineData("ops@example", false)]
    [InlineData("ops & co*", true)]
    [InlineData("ops.team-1 (lab)", true)]
    public void A_name_that_Go_does_not_read_is_refused(string name, bool read)
    {
        var printable = new DerSequence(new DerSet(new DerSequence(X509Name.CN, new DerPrintableString(name))));
        Give(new X500DistinguishedName(printable.GetDerEncoded()), Clock.GetUtcNow().AddDays(30));
        if (read)
        {
            Open();
        }
        else
        {
            AssertRefused($"has '{name}' in its subject as a PrintableString");
        }
    }

    [Theory]
    [InlineData(P256)]
    [InlineData("rsa:2048")]
    [InlineData("rsa:2048 -sigopt rsa_padding_mode:pss")]
    public void A_root_that_was_damaged_is_refused(string newKey)
    {
        Make(newKey);
        var damaged = X509CertificateLoader.LoadCertificateFromFile(Bsroot.CaCertificate).RawData;
        damaged[^3] ^= 1;
        File.WriteAllText(Bsroot.CaCertificate, PemEncoding.WriteString("CERTIFICATE", damaged) + "\n");
        AssertRefused("was not signed with its own key");
    }

    /// <summary>Only strict clients refuse these: they sign, and the doctor warns.</summary>
    [Theory]
    [InlineData("subjectKeyIdentifier=none", "has no subjectKeyIdentifier", "keyUsage=critical,keyCertSign")]
    [InlineData("basicConstraints=CA:TRUE", "has a basicConstraints that is not critical", "keyUsage=critical,keyCertSign")]
    [InlineData("subjectKeyIdentifier=hash", "has no keyUsage")]
    public void What_only_strict_clients_refuse_signs_and_is_told(string extension, string objection, string? good = null)
    {
        Make(P256, ["-addext", extension, .. good is null ? Array.Empty<string>() : ["-addext", good]]);
        using var root = X509CertificateLoader.LoadCertificateFromFile(Bsroot.CaCertificate);
        Assert.Equal([objection], RootRules.StrictObjections(RootCheck.Parsed(root)));
        Bsroot.Write(Bsroot.At("leaf.crt"), Open().Issue(Both, TimeSpan.FromDays(1)).CertificatePem);
        OpenSsl.Run(Bsroot.Root, "verify", "-CAfile", "ca.crt", "leaf.crt");
        Assert.ThrowsAny<Exception>(() => OpenSsl.Verify(Bsroot.Root, "leaf.crt"));
    }

    [Fact]
    public void A_root_of_ours_meets_every_rule()
    {
        CertificateAuthority.Open(Bsroot, Clock);
        using var root = X509CertificateLoader.LoadCertificateFromFile(Bsroot.CaCertificate);
        Assert.Empty(RootRules.Objections(RootCheck.Parsed(root), Clock.GetUtcNow()));
        Assert.Empty(RootRules.StrictObjections(RootCheck.Parsed(root)));
    }

    private CertificateAuthority Open() => CertificateAuthority.Open(Bsroot, Clock);

    private void AssertRefused(string reason)
    {
        var refusal = Assert.Throws<PkiException>(Open).Message;
        Assert.StartsWith(Bsroot.CaCertificate, refusal);
        Assert.Contains(reason, refusal);
    }

    private void Make(string newKey, params string[] more)
    {
        File.WriteAllText(Bsroot.At("dn.cnf"), "[req]\ndistinguished_name=empty\nx509_extensions=root\n[empty]\n"
            + "[root]\nsubjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE\n[dn]\nO=Example\n");
        OpenSsl.MakeRoot(Bsroot.Root, [.. newKey.Split(' '), "-config", "dn.cnf", .. more]);
    }

    private void Give(string subject, DateTimeOffset until) => Give(new X500DistinguishedName(subject), until);

    private void Give(X500DistinguishedName subject, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var root = request.CreateSelfSigned(Clock.GetUtcNow().AddDays(-1), until);
        File.WriteAllText(Bsroot.CaCertificate, root.ExportCertificatePem() + "\n");
        File.WriteAllText(Bsroot.CaKey, key.ExportECPrivateKeyPem() + "\n");
    }

    /// <summary>Whether openssl believes what it signs with ca.key itself.</summary>
    /// <param name="option"><c>-purpose</c> of the check, or <c>-addext</c> of the certificate.</param>
    private bool OpenSslBelieves(string option, string value)
    {
        string[] extension = option == "-addext" ? [option, value] : [];
        OpenSsl.Sign(Bsroot.Root, "leaf", ["-subj", "/CN=x", "-addext", "basicConstraints=critical,CA:FALSE", .. extension]);
        return Record.Exception(() => OpenSsl.Run(Bsroot.Root, [
            "verify",
            "-CAfile",
            "ca.crt",
            .. option == "-purpose" ? [option, value] : Array.Empty<string>(),
            "leaf.crt"])) is null;
    }
}
