using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A leaf with what decides whether it may be given again.</summary>
/// <param name="Profile">Whom it was issued for, as the certificate says.</param>
/// <param name="Root">Thumbprint of the root that signed it.</param>
internal sealed record IssuedLeaf(Leaf Leaf, LeafProfile Profile, string Root, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>Browsers refuse a server's certificate that lives longer than 825 days.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(365);

    /// <exception cref="PkiException">The root has expired.</exception>
    public static IssuedLeaf New(LeafProfile profile, CertificateAuthority authority)
    {
        // before: should the root change meanwhile, the leaf is taken for the old one's and issued again
        var root = authority.Thumbprint;
        var leaf = authority.Issue(profile, Lifetime);
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        return Describe(leaf, certificate, root);
    }

    /// <summary>Takes a leaf that was stored.</summary>
    /// <returns><c>null</c> when it is not whole, its two parts do not belong together, or another root signed it.</returns>
    public static IssuedLeaf? Read(Leaf leaf, CertificateAuthority authority)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
            return authority.HasSigned(certificate) ? Describe(leaf, certificate, authority.Thumbprint) : null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether it may be given to whom <paramref name="profile"/> describes.</summary>
    public bool IsFor(LeafProfile profile, DateTimeOffset now, CertificateAuthority authority) =>
        Profile == profile && Root == authority.Thumbprint && NotBefore <= now && now < RenewAt(authority.NotAfter);

    /// <summary>
    /// When to issue another: once a third of its life remains, so that whoever holds it has months to fetch the next. A leaf
    /// that ends with the root is as good as any: it is kept until then.
    /// </summary>
    public DateTimeOffset RenewAt(DateTimeOffset rootNotAfter) =>
        NotAfter >= rootNotAfter ? NotAfter : NotBefore + ((NotAfter - NotBefore) * 2 / 3);

    /// <summary>X509Certificate2 speaks local time.</summary>
    private static IssuedLeaf Describe(Leaf leaf, X509Certificate2 certificate, string root) => new(
        leaf,
        LeafEncoding.ProfileOf(certificate),
        root,
        new DateTimeOffset(certificate.NotBefore).ToUniversalTime(),
        new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
}
