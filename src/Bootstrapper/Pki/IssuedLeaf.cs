using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Bootstrapper.Pki;

/// <summary>A leaf with what decides whether it may be given again.</summary>
internal sealed class IssuedLeaf
{
    private readonly string _root;
    private readonly LeafProfile _profile;
    private readonly DateTimeOffset _notBefore, _notAfter;

    /// <summary>A byte for a letter, where a string has two: thousands of them are kept.</summary>
    private readonly byte[] _certificate, _key;

    /// <param name="root">Thumbprint of the root that signed it.</param>
    private IssuedLeaf(Leaf leaf, X509Certificate2 certificate, string root)
    {
        (_certificate, _key) = (Encoding.UTF8.GetBytes(leaf.CertificatePem), Encoding.UTF8.GetBytes(leaf.KeyPem));
        (_profile, _root) = (LeafEncoding.ProfileOf(certificate), root);
        _notBefore = new DateTimeOffset(certificate.NotBefore).ToUniversalTime(); // X509Certificate2 speaks local time
        _notAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
    }

    /// <summary>Browsers refuse a server's certificate that lives longer than 825 days.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(365);

    public Leaf Leaf => new(Encoding.UTF8.GetString(_certificate), Encoding.UTF8.GetString(_key));

    /// <exception cref="PkiException">The root has expired.</exception>
    public static IssuedLeaf New(LeafProfile profile, CertificateAuthority authority)
    {
        // before: should the root change meanwhile, the leaf is taken for the old one's and issued again
        var root = authority.Thumbprint;
        var leaf = authority.Issue(profile, Lifetime);
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        return new IssuedLeaf(leaf, certificate, root);
    }

    /// <summary>Takes a leaf that was stored.</summary>
    /// <returns><c>null</c> when it is not whole, its two parts do not belong together, or another root signed it.</returns>
    public static IssuedLeaf? Read(Leaf leaf, CertificateAuthority authority)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
            return authority.HasSigned(certificate) ? new IssuedLeaf(leaf, certificate, authority.Thumbprint) : null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether it may be given to whom <paramref name="profile"/> describes.</summary>
    public bool IsFor(LeafProfile profile, DateTimeOffset now, CertificateAuthority authority) =>
        _profile == profile && _root == authority.Thumbprint && _notBefore <= now && now < RenewAt(authority.NotAfter);

    /// <summary>
    /// When to issue another: once a third of its life remains, so that whoever holds it has months to fetch the next. A leaf
    /// that ends with the root is as good as any: it is kept until then.
    /// </summary>
    public DateTimeOffset RenewAt(DateTimeOffset rootNotAfter) =>
        _notAfter >= rootNotAfter ? _notAfter : _notBefore + ((_notAfter - _notBefore) * 2 / 3);
}
