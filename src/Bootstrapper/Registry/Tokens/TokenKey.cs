using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Registry.Tokens;

/// <summary>
/// The key that signs the registry's tokens (ECDSA, P-256) and the certificate by which the registry knows it, in the data root.
/// The certificate is its own root: nothing else is signed with that key, and no root of the cluster signs tokens.
/// </summary>
internal sealed class TokenKey : IDisposable
{
    private const string Subject = "CN=bootstrapper-registry-token";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650), RenewedBefore = TimeSpan.FromDays(365);

    private TokenKey(X509Certificate2 certificate, ECDsa key) => (Certificate, Key) = (certificate, key);

    public X509Certificate2 Certificate { get; }

    public ECDsa Key { get; }

    /// <summary>Reads it, and makes it where it is missing, broken, or ends within a year.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static TokenKey Open(Bsroot bsroot, TimeProvider time) =>
        Read(bsroot, time.GetUtcNow()) ?? Make(bsroot, time.GetUtcNow());

    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }

    private static TokenKey? Read(Bsroot bsroot, DateTimeOffset now)
    {
        if (!File.Exists(bsroot.TokenCertificate) || !File.Exists(bsroot.TokenKey))
        {
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(
                File.ReadAllText(bsroot.TokenCertificate), File.ReadAllText(bsroot.TokenKey));
            return certificate.Subject == Subject && new DateTimeOffset(certificate.NotBefore) <= now
                && now + RenewedBefore < new DateTimeOffset(certificate.NotAfter)
                    ? new TokenKey(certificate, certificate.GetECDsaPrivateKey()!)
                    : null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The key first: killed in between, we find two files that do not belong together, and make both again.</summary>
    private static TokenKey Make(Bsroot bsroot, DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Lifetime);
        Bsroot.Write(bsroot.TokenKey, key.ExportPkcs8PrivateKeyPem() + "\n", Bsroot.SecretFile);
        Bsroot.Write(bsroot.TokenCertificate, certificate.ExportCertificatePem() + "\n");
        return new TokenKey(certificate, key);
    }
}
