using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A root of our own making: ECDSA P-256, ten years.</summary>
internal static class NewRoot
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    public static X509Certificate2 SelfSigned(string commonName, ECDsa key, DateTimeOffset now)
    {
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - CertificateAuthority.ClockSkew, now + Lifetime);
    }

    /// <summary>Both in one file, so that no kill can part them.</summary>
    public static string KeyAndCertificate(ECDsa key, X509Certificate2 root) =>
        key.ExportPkcs8PrivateKeyPem() + "\n" + root.ExportCertificatePem() + "\n";
}
