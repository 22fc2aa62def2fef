using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>
/// <c>ca.crt</c> and <c>ca.key</c>. Ours, made when both are missing; or the operator's, then read and never written.
/// </summary>
/// <remarks>
/// Our own <c>ca.key</c> holds the certificate behind the key, and is written first: should we be killed before
/// <c>ca.crt</c> is there, the next start takes it from <c>ca.key</c> instead of standing before half a root.
/// </remarks>
internal sealed class RootFiles(Bsroot bsroot, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    /// <returns>The root with its private key.</returns>
    /// <exception cref="PkiException">The two files do not make a root that can sign today.</exception>
    public X509Certificate2 Open()
    {
        if (!File.Exists(bsroot.CaKey) && !File.Exists(bsroot.CaCertificate))
        {
            Create();
        }
        else if (!File.Exists(bsroot.CaCertificate))
        {
            FinishCreation();
        }

        return Load();
    }

    private void Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var root = request.CreateSelfSigned(now - CertificateAuthority.ClockSkew, now + Lifetime);
        var certificatePem = root.ExportCertificatePem() + "\n";
        Bsroot.Write(bsroot.CaKey, key.ExportPkcs8PrivateKeyPem() + "\n" + certificatePem, Bsroot.SecretFile);
        Bsroot.Write(bsroot.CaCertificate, certificatePem);
    }

    private void FinishCreation()
    {
        var ours = RootCheck.Certificates(RootCheck.ReadFile(bsroot.CaKey));
        if (ours.Count == 0)
        {
            throw new PkiException($"{bsroot.CaKey} is there but {bsroot.CaCertificate} is missing: put the key's certificate beside it, "
                + "or move the key away to have a new root made");
        }

        Bsroot.Write(bsroot.CaCertificate, ours[0].ExportCertificatePem() + "\n");
    }

    private X509Certificate2 Load()
    {
        using var certificate = RootCheck.Certificate(bsroot.CaCertificate, time.GetUtcNow());
        if (!File.Exists(bsroot.CaKey))
        {
            throw new PkiException($"{bsroot.CaCertificate} is there but {bsroot.CaKey} is missing: put the certificate's key beside it, "
                + "or move the certificate away to have a new root made");
        }

        return RootKey.Join(certificate, bsroot.CaKey);
    }
}
