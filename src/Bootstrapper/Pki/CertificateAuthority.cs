using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>The cluster's own root (RFC 5280). It signs, from any thread; it stores nothing.</summary>
internal sealed class CertificateAuthority
{
    /// <summary>Nodes whose clock is this far behind ours accept a certificate at once.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private const int SerialNumberBytes = 16;

    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;
    private readonly X509AuthorityKeyIdentifierExtension _authorityKeyIdentifier;
    private readonly X509SignatureGenerator _signature;
    private readonly Lock _signing = new();

    /// <param name="root">With its private key, RSA or elliptic curve.</param>
    public CertificateAuthority(X509Certificate2 root, TimeProvider time)
    {
        _root = root;
        _time = time;
        _signature = SignatureOf(root);
        var hasKeyIdentifier = root.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any();
        _authorityKeyIdentifier = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, hasKeyIdentifier, !hasKeyIdentifier);
        RootPem = root.ExportCertificatePem() + "\n";
        NotAfter = new DateTimeOffset(root.NotAfter).ToUniversalTime(); // X509Certificate2 speaks local time
    }

    public string RootPem { get; }

    /// <summary>When the root ends, and everything it signed with it.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Reads the root from the data root, or makes one when there is none.</summary>
    /// <exception cref="PkiException">What is there cannot be used; it is left as it is.</exception>
    /// <exception cref="IOException">The new root cannot be written.</exception>
    public static CertificateAuthority Open(Bsroot bsroot, TimeProvider time) => new(new RootFiles(bsroot, time).Open(), time);

    /// <summary>Issues a certificate with an ECDSA P-256 key of its own.</summary>
    /// <param name="lifetime">Counted from now; shortened where it would outlive the root.</param>
    /// <exception cref="PkiException">The root has expired since it was opened.</exception>
    public Leaf Issue(LeafProfile profile, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = LeafEncoding.Request(profile, key);
        request.CertificateExtensions.Add(_authorityKeyIdentifier);
        using var certificate = Sign(request, lifetime);
        return new Leaf(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Whether this root, and not another of the same name, signed <paramref name="certificate"/>; its dates are not looked at.</summary>
    public bool HasSigned(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }

    private X509Certificate2 Sign(CertificateRequest request, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        if (now >= NotAfter)
        {
            throw new PkiException($"cannot issue a certificate: the root expired on {NotAfter:u}; put a new ca.crt and ca.key in its place");
        }

        var notAfter = now + lifetime < NotAfter ? now + lifetime : NotAfter;
        lock (_signing)
        {
            return request.Create(_root.SubjectName, _signature, now - ClockSkew, notAfter, RandomSerialNumber());
        }
    }

    /// <summary>A positive number that fills all its octets: the first one has its highest bit clear and the next one set.</summary>
    private static byte[] RandomSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialNumberBytes);
        serial[0] = (byte)(serial[0] & 0x7f | 0x40);
        return serial;
    }

    private static X509SignatureGenerator SignatureOf(X509Certificate2 root) => root.GetRSAPrivateKey() is { } rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa(root.GetECDsaPrivateKey()!);
}
