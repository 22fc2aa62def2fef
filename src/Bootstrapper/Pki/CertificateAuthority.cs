using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>One of the cluster's own roots (RFC 5280). It signs, from any thread; it stores nothing.</summary>
internal sealed class CertificateAuthority
{
    /// <summary>Nodes whose clock is this far behind ours accept a certificate at once.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private const int SerialNumberBytes = 16;

    private readonly RootFiles _files;
    private readonly TimeProvider _time;
    private readonly Lock _signing = new();
    private volatile SigningRoot _root;

    private CertificateAuthority(RootFiles files, TimeProvider time)
    {
        _files = files;
        _time = time;
        _root = SigningRoot.Open(files);
    }

    /// <summary>The root that signs.</summary>
    public string RootPem => _root.Pem;

    /// <summary>The root that signs, and behind it those that are trusted while one follows another.</summary>
    public string TrustPem => _root.TrustPem;

    /// <summary>When the root ends, and everything it signed with it.</summary>
    public DateTimeOffset NotAfter => _root.NotAfter;

    /// <summary>Tells roots of the same name apart.</summary>
    public string Thumbprint => _root.Thumbprint;

    /// <summary>Reads the root from the data root, or makes one when there is none.</summary>
    /// <exception cref="PkiException">What is there cannot be used; it is left as it is.</exception>
    /// <exception cref="IOException">The new root cannot be written.</exception>
    public static CertificateAuthority Open(Bsroot bsroot, TimeProvider time, RootName root = RootName.Cluster) =>
        new(RootFiles.Of(bsroot, root, time), time);

    /// <summary>Reads the files again: an operator may have begun to change the root.</summary>
    /// <exception cref="PkiException">They cannot be used; the root in force stays.</exception>
    public void Reload() => _root = SigningRoot.Open(_files);

    /// <summary>Issues a certificate with an ECDSA P-256 key of its own.</summary>
    /// <param name="lifetime">Counted from now; shortened where it would outlive the root.</param>
    /// <exception cref="PkiException">The root has expired since it was opened.</exception>
    public Leaf Issue(LeafProfile profile, TimeSpan lifetime)
    {
        RequireNames([profile]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Leaf(Sign(LeafEncoding.Request(profile, key), lifetime), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Issues a certificate for a key that somebody else holds; all but the key is the profile's.</summary>
    /// <returns>The certificate, PEM.</returns>
    /// <exception cref="PkiException">The root has expired since it was opened.</exception>
    public string Issue(LeafProfile profile, PublicKey key, TimeSpan lifetime)
    {
        RequireNames([profile]);
        return Sign(LeafEncoding.Request(profile, key), lifetime);
    }

    /// <exception cref="PkiException">Clients would refuse a name in one of these: the root is constrained to others.</exception>
    public void RequireNames(IEnumerable<LeafProfile> profiles) => _root.Constraints?.Require(_files.Certificate, profiles);

    /// <summary>
    /// Whether this root, and not another of the same name, signed <paramref name="certificate"/>; its dates are not looked at.
    /// </summary>
    public bool HasSigned(X509Certificate2 certificate) => _root.HasSigned(certificate);

    /// <summary>
    /// Whether a client may show <paramref name="certificate"/> now: a root that is trusted signed it, for clients, and it has
    /// not expired.
    /// </summary>
    public bool AcceptsClient(X509Certificate2 certificate) => _root.AcceptsClient(certificate, _time.GetUtcNow());

    private string Sign(CertificateRequest request, TimeSpan lifetime)
    {
        var (root, now) = (_root, _time.GetUtcNow());
        if (now >= root.NotAfter)
        {
            throw new PkiException(
                $"cannot issue a certificate: {_files.Certificate} expired on {root.NotAfter:u}; "
                    + "replace it and its key");
        }

        request.CertificateExtensions.Add(root.AuthorityKeyIdentifier);
        var notAfter = now + lifetime < root.NotAfter ? now + lifetime : root.NotAfter;
        lock (_signing)
        {
            using var certificate = request.Create(root.Subject, root.Signature, now - ClockSkew, notAfter, RandomSerialNumber());
            return certificate.ExportCertificatePem() + "\n";
        }
    }

    /// <summary>
    /// A positive number that fills all its octets: the first one has its highest bit clear and the next one set.
    /// </summary>
    private static byte[] RandomSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialNumberBytes);
        serial[0] = (byte)(serial[0] & 0x7f | 0x40);
        return serial;
    }
}
