using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Pki;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Math;
using AlgorithmIdentifier = Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier;
using RsaPublicKeyStructure = Org.BouncyCastle.Asn1.X509.RsaPublicKeyStructure;
using SubjectPublicKeyInfo = Org.BouncyCastle.Asn1.X509.SubjectPublicKeyInfo;

namespace Bootstrapper.Tests.Pki;

/// <summary>What a node may ask for: its own leaf, and nothing beyond it.</summary>
public sealed class CsrPolicyTests : PkiFixture
{
    private const string Own = "CN=system:node:node1,O=system:nodes";
    private const string Server = "1.3.6.1.5.5.7.3.1";
    private const string Client = "1.3.6.1.5.5.7.3.2";

    private static readonly LeafProfile Serving = NodeLeaf.Find(Node, Cluster, NodeLeaf.KubeletServing)!.Profile;
    private static readonly LeafProfile Identity = NodeLeaf.Find(Node, Cluster, NodeLeaf.KubeletClient)!.Profile;

    [Fact]
    public void The_subject_alone_is_enough_for_any_leaf()
    {
        Assert.Null(Refusal(Own, Serving));
        Assert.Null(Refusal(Own, Identity));
        Assert.Null(Refusal("O=system:nodes,CN=system:node:node1", Identity));
    }

    [Fact]
    public void A_request_may_say_all_that_the_leaf_says() => Assert.Null(Refusal(Own, Serving, request =>
    {
        request.CertificateExtensions.Add(Names("node1", "NODE1.k8s.example", "10.10.14.1"));
        request.CertificateExtensions.Add(Usage(Server));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }));

    [Theory]
    [InlineData("CN=system:node:node2,O=system:nodes")]
    [InlineData("CN=system:node:node1,O=system:masters")]
    [InlineData("CN=system:node:node1,O=system:nodes,O=system:masters")]
    [InlineData("CN=system:node:node1")]
    [InlineData("CN=kubernetes-admin,O=system:nodes")]
    [InlineData("CN=system:node:node1,CN=system:node:node2,O=system:nodes")]
    [InlineData("CN=system:node:node1,O=system:nodes,OU=more")]
    [InlineData("CN=system:node:node1+O=system:nodes")]
    [InlineData("")]
    public void Another_subject_is_refused(string subject) => Assert.Contains("the subject is", Refusal(subject, Identity));

    [Theory]
    [InlineData("node2", "asks for the name node2")]
    [InlineData("kubernetes", "asks for the name kubernetes")]
    [InlineData("*.k8s.example", "asks for the name *.k8s.example")]
    [InlineData("10.10.14.2", "asks for the address 10.10.14.2")]
    [InlineData("fe80::1", "asks for the address fe80::1")]
    [InlineData("mailto:root@node1", "neither DNS names nor addresses")]
    [InlineData("spiffe://node1/x", "neither DNS names nor addresses")]
    public void Names_of_others_are_refused(string name, string reason) =>
        Assert.Contains(reason, Refusal(Own, Serving, request => request.CertificateExtensions.Add(Names("node1", name))));

    [Fact]
    public void A_leaf_without_names_takes_none() =>
        Assert.Contains("not this node's", Refusal(Own, Identity, request => request.CertificateExtensions.Add(Names("node1"))));

    [Theory]
    [InlineData(Client)]
    [InlineData("1.3.6.1.5.5.7.3.3")]
    [InlineData("2.5.29.37.0")]
    public void Another_use_is_refused(string usage) =>
        Assert.Contains(
            $"extended key usage {usage}",
            Refusal(Own, Serving, request => request.CertificateExtensions.Add(Usage(Server, usage))));

    [Fact]
    public void An_authority_is_refused() => Assert.Contains("for a CA certificate", Refusal(
        Own,
        Identity,
        request => request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority())));

    [Fact]
    public void A_key_that_would_sign_certificates_is_refused() => Assert.Contains("nothing else", Refusal(
        Own,
        Identity,
        request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true))));

    [Fact]
    public void An_extension_that_nobody_knows_is_refused() => Assert.Contains("1.2.3.4", Refusal(
        Own, Identity, request => request.CertificateExtensions.Add(new X509Extension("1.2.3.4", [5, 0], critical: false))));

    [Theory]
    [InlineData("2.5.29.17")]
    [InlineData("2.5.29.37")]
    [InlineData("2.5.29.19")]
    public void An_extension_that_cannot_be_read_is_refused(string oid) =>
        Assert.NotNull(Refusal(
            Own,
            Serving,
            request => request.CertificateExtensions.Add(new X509Extension(oid, [0x30, 0x05, 0x01], critical: false))));

    [Fact]
    public void Keys_that_are_strong_enough_are_taken_and_others_are_refused()
    {
        Assert.Null(RefusalOf(RSA.Create(2048)));
        Assert.Contains("is an RSA key of 1024 bits: it must be RSA of 2048", RefusalOf(RSA.Create(1024)));

        static string? RefusalOf(RSA key)
        {
            var pem = new CertificateRequest(Own, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSigningRequestPem();
            return Refusal(pem);
        }
    }

    /// <summary>A key as large as a certificate would let it be costs every client that checks a signature of it.</summary>
    [Fact]
    public void A_key_that_is_larger_than_clients_read_is_refused()
    {
        var modulus = BigInteger.One.ShiftLeft(8192).Add(BigInteger.One);
        var key = new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance),
            new RsaPublicKeyStructure(modulus, BigInteger.ValueOf(65537)));
        Assert.Contains("is an RSA key of 8193 bits", KeyRules.ObjectionToNew(key));
    }

    [Theory]
    [InlineData("kubernetes.io/kube-apiserver-client-kubelet", NodeLeaf.KubeletClient)]
    [InlineData("kubernetes.io/kubelet-serving", NodeLeaf.KubeletServing)]
    [InlineData("kubernetes.io/kube-apiserver-client", null)]
    [InlineData("kubernetes.io/legacy-unknown", null)]
    public void Kubelets_signers_stand_for_leaves_and_no_others_do(string signer, string? leaf) =>
        Assert.Equal(leaf, CsrPolicy.LeafOf(signer));

    [Fact]
    public void A_request_that_was_changed_on_the_way_is_none()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Own, key, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.NotNull(SigningRequest.Read(PemEncoding.WriteString("CERTIFICATE REQUEST", request)).Request);
        request[40] ^= 1;
        Assert.Contains(
            "has no valid signature by its own key",
            SigningRequest.Read(PemEncoding.WriteString("CERTIFICATE REQUEST", request)).Objection);
    }

    [Theory]
    [InlineData("", "is not a certificate request in PEM")]
    [InlineData("key=value", "is not a certificate request in PEM")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "cannot be read")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n", "cannot be read")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\n!!!\n-----END CERTIFICATE REQUEST-----\n", "cannot be read")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read")]
    public void What_is_no_request_is_none_and_it_is_said_why(string pem, string reason)
    {
        var (request, objection) = SigningRequest.Read(pem);
        Assert.Null(request);
        Assert.Contains(reason, objection);
    }

    [Fact]
    public void A_request_for_a_key_that_somebody_else_holds_is_none()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var others = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new PublicKey(others);
        var signedByOwn = new CertificateRequest(new X500DistinguishedName(Own), key, HashAlgorithmName.SHA256)
            .CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(own));
        Assert.Contains(
            "has no valid signature by its own key",
            SigningRequest.Read(PemEncoding.WriteString("CERTIFICATE REQUEST", signedByOwn)).Objection);
    }

    [Fact]
    public void Two_requests_at_once_are_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest(Own, key, HashAlgorithmName.SHA256).CreateSigningRequestPem() + "\n";
        Assert.Contains("more than one", SigningRequest.Read(pem + pem).Objection);
    }

    /// <summary>What openssl makes of keys that clients of ours do not read.</summary>
    [Theory]
    [InlineData("is an Ed25519 key, and browsers", "-newkey", "ed25519")]
    [InlineData("is a key on the elliptic curve secp224r1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-224")]
    [InlineData("is a key on the elliptic curve secp256k1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1")]
    [InlineData(
        "is a key on the elliptic curve 1.3.36.3.3.2.8.1.1.7", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1")]
    [InlineData("with the public exponent 3, and new keys", "-newkey", "rsa:2048", "-pkeyopt", "rsa_keygen_pubexp:3")]
    [InlineData(
        "spells its curve out", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit")]
    public void A_key_that_clients_do_not_read_is_refused(string reason, params string[] newKey)
    {
        OpenSsl.Run(Bsroot.Root, [
            "req",
            "-new",
            "-nodes",
            .. newKey,
            "-keyout",
            "n.key",
            "-out",
            "n.csr",
            "-subj",
            "/O=system:nodes/CN=system:node:node1"]);
        Assert.Contains(reason, Refusal(File.ReadAllText(Bsroot.At("n.csr"))));
    }

    [Fact]
    public void What_openssl_puts_around_a_request_does_not_matter()
    {
        OpenSsl.Run(
            Bsroot.Root,
            "req",
            "-new",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-keyout",
            "n.key",
            "-out",
            "n.csr",
                "-subj", "/O=system:nodes/CN=system:node:node1", "-text", "-newhdr", "-addext", "subjectAltName=DNS:node1");
        var pem = File.ReadAllText(Bsroot.At("n.csr")).ReplaceLineEndings("\r\n");
        Assert.Null(CsrPolicy.Refusal(SigningRequest.Read(pem).Request!, Serving));
    }

    private static string? Refusal(string pem)
    {
        var (request, objection) = SigningRequest.Read(pem);
        return request is null ? objection : CsrPolicy.Refusal(request, Identity);
    }

    private static string? Refusal(string subject, LeafProfile allowed, Action<CertificateRequest>? add = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        add?.Invoke(request);
        return CsrPolicy.Refusal(SigningRequest.Read(request.CreateSigningRequestPem()).Request!, allowed);
    }

    private static X509Extension Names(params string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            Add(builder, name);
        }

        return builder.Build();
    }

    private static void Add(SubjectAlternativeNameBuilder builder, string name)
    {
        if (IPAddress.TryParse(name, out var address))
        {
            builder.AddIpAddress(address);
        }
        else if (name.StartsWith("mailto:", StringComparison.Ordinal))
        {
            builder.AddEmailAddress(name["mailto:".Length..]);
        }
        else if (name.Contains("://", StringComparison.Ordinal))
        {
            builder.AddUri(new Uri(name));
        }
        else
        {
            builder.AddDnsName(name);
        }
    }

    private static X509EnhancedKeyUsageExtension Usage(params string[] oids)
    {
        var usages = new OidCollection();
        foreach (var oid in oids)
        {
            usages.Add(new Oid(oid));
        }

        return new X509EnhancedKeyUsageExtension(usages, critical: false);
    }
}
