using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A private key that an operator may have given: RSA or elliptic curve; PKCS#8, PKCS#1 or SEC 1, in PEM, without passphrase.</summary>
internal static class RootKey
{
    /// <returns>A copy of <paramref name="certificate"/> that can sign.</returns>
    /// <exception cref="PkiException">The key cannot be read, or is not this certificate's.</exception>
    public static X509Certificate2 Join(X509Certificate2 certificate, string file)
    {
        using var key = Read(file);
        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
        catch (Exception mismatch) when (mismatch is ArgumentException or InvalidOperationException)
        {
            throw new PkiException($"{file} is not the key of the certificate beside it (subject '{certificate.Subject}'): "
                + "give the two that belong together");
        }
    }

    /// <exception cref="PkiException">The key cannot be read.</exception>
    public static AsymmetricAlgorithm Read(string file)
    {
        var pem = RootCheck.ReadFile(file);
        return Import(RSA.Create(), pem, static (rsa, text) => rsa.ImportFromPem(text))
            ?? Import(ECDsa.Create(), pem, static (ecdsa, text) => ecdsa.ImportFromPem(text))
            ?? throw new PkiException($"{file} {WhyUnreadable(pem)}");
    }

    private static AsymmetricAlgorithm? Import<T>(T key, string pem, Action<T, string> import)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import(key, pem);
            return key;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    private static string WhyUnreadable(string pem) => pem.Contains("ENCRYPTED", StringComparison.Ordinal)
        ? "is locked with a passphrase, and nobody is there to type it: write it without one, mode 0600"
        : "cannot be read as a private key: it must be RSA or elliptic curve, in PEM (PKCS#8, PKCS#1 or SEC 1)";
}
