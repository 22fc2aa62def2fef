using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ParsedCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace Bootstrapper.Pki;

/// <summary>
/// Reads a given <c>ca.crt</c> and its key, and takes them when <see cref="RootRules"/> have nothing against them.
/// </summary>
internal static class RootCheck
{
    /// <exception cref="PkiException">The file is no root that can sign today.</exception>
    public static X509Certificate2 Certificate(string file, DateTimeOffset now)
    {
        var pem = ReadFile(file);
        if (pem.StartsWith('\uFEFF'))
        {
            throw new PkiException(
                $"{file} begins with a byte order mark, with which programs in Go find no certificate in it: save it as UTF-8 "
                    + "without one");
        }

        var certificates = Certificates(pem);
        if (certificates.Count != 1)
        {
            throw new PkiException(
                $"{file} holds {certificates.Count} readable PEM certificates: it must hold the root and nothing else "
                    + "('openssl x509 -in FILE -out NEW' writes one certificate in PEM)");
        }

        return Objection(certificates[0], now) is { } objection ? throw new PkiException($"{file} {objection}") : certificates[0];
    }

    /// <returns>A copy of <paramref name="root"/> that can sign.</returns>
    /// <exception cref="PkiException">The key cannot be read, or is not this certificate's.</exception>
    public static X509Certificate2 WithKey(X509Certificate2 root, string file)
    {
        using var key = KeyFile.Read(file);
        try
        {
            return key is RSA rsa ? root.CopyWithPrivateKey(rsa) : root.CopyWithPrivateKey((ECDsa)key);
        }
        catch (Exception mismatch) when (mismatch is ArgumentException or InvalidOperationException)
        {
            throw new PkiException($"{file} is not the key of the certificate beside it (subject '{root.Subject}'): "
                + "give a matching pair");
        }
    }

    /// <summary>The same certificate, as the rules look at it.</summary>
    /// <exception cref="ArgumentException">It is not built as X.509 has it.</exception>
    public static ParsedCertificate Parsed(X509Certificate2 root) => new(root.RawData);

    /// <returns>Empty when there is no certificate in <paramref name="pem"/>, or one of them is broken.</returns>
    public static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates;
    }

    /// <exception cref="PkiException">It cannot be read.</exception>
    public static string ReadFile(string file) => Encoding.UTF8.GetString(ReadOctets(file));

    /// <inheritdoc cref="ReadFile"/>
    public static byte[] ReadOctets(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PkiException($"{file} cannot be read: {cause.Message}");
        }
    }

    private static string? Objection(X509Certificate2 root, DateTimeOffset now)
    {
        try
        {
            return RootRules.Objections(Parsed(root), now).FirstOrDefault();
        }
        catch (Exception malformed) when (malformed is ArgumentException or InvalidOperationException or IOException)
        {
            return $"is not built as RFC 5280 has it ({malformed.Message}): issue it again";
        }
    }
}
