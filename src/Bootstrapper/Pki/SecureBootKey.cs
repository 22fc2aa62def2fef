using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>
/// The key with which an operator signs what firmware starts, and its certificate, which is in the firmware's <c>db</c> (UEFI
/// 2.10, 32.4). The bootstrapper makes them, and never uses the key itself.
/// </summary>
internal static class SecureBootKey
{
    private const int KeyBits = 2048; // what all firmware takes

    /// <summary>Firmware looks at no date, and whoever has enrolled it in a rack does not do that again gladly.</summary>
    private const int Years = 20;

    /// <summary>Makes what is missing, and changes nothing else.</summary>
    /// <returns>What was made; nothing where all was there.</returns>
    /// <exception cref="PkiException">What is there cannot be used; it is left as it is.</exception>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public static IReadOnlyList<string> Ensure(Bsroot bsroot, TimeProvider time)
    {
        var (key, certificate) = (bsroot.SecureBootKey, bsroot.SecureBootCertificate);
        List<string> made = [];
        if (!File.Exists(key) && !File.Exists(certificate)) // a certificate alone: the key is kept elsewhere
        {
            using var fresh = RSA.Create(KeyBits);
            Bsroot.Write(key, fresh.ExportPkcs8PrivateKeyPem() + "\n", Bsroot.SecretFile);
            made.Add(key);
        }

        if (!File.Exists(certificate))
        {
            using var rsa = KeyIn(key);
            using var own = Certificate(rsa, time.GetUtcNow());
            Bsroot.Write(certificate, own.ExportCertificatePem() + "\n");
            File.Delete(bsroot.SecureBootDer); // of another key
            made.Add(certificate);
        }

        if (!File.Exists(bsroot.SecureBootDer))
        {
            using var own = Read(bsroot);
            Bsroot.Write(bsroot.SecureBootDer, own.RawData);
            made.Add(bsroot.SecureBootDer);
        }

        return made;
    }

    /// <exception cref="PkiException">There is no certificate in the file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static X509Certificate2 Read(Bsroot bsroot)
    {
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(bsroot.SecureBootCertificate));
        }
        catch (CryptographicException)
        {
            throw new PkiException($"{bsroot.SecureBootCertificate}: is not a certificate in PEM");
        }
    }

    private static RSA KeyIn(string file)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new PkiException($"{file}: cannot be read as an RSA key in PEM");
        }
    }

    /// <summary>With what OpenSSL gives such a certificate by itself, and no more: firmware is used to that.</summary>
    private static X509Certificate2 Certificate(RSA key, DateTimeOffset now)
    {
        var request = new CertificateRequest(
            "CN=Bootstrapper Secure Boot", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var name = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(name);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(name));
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        return request.CreateSelfSigned(now - CertificateAuthority.ClockSkew, now.AddYears(Years));
    }
}
