using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>What a given <c>ca.crt</c> must be, so that what it signs is accepted everywhere and not only here.</summary>
internal static class RootCheck
{
    private const int LeastRsaBits = 2048;

    /// <exception cref="PkiException">The file is no root that can sign today.</exception>
    public static X509Certificate2 Certificate(string file, DateTimeOffset now)
    {
        var certificates = Certificates(ReadFile(file));
        if (certificates.Count != 1)
        {
            throw new PkiException($"{file} holds {certificates.Count} readable PEM certificates: it must hold the root and nothing else");
        }

        var root = certificates[0];
        return Objections(root, now).FirstOrDefault() is { } objection ? throw new PkiException($"{file} {objection}") : root;
    }

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
    public static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PkiException($"{file} cannot be read: {cause.Message}");
        }
    }

    private static IEnumerable<string> Objections(X509Certificate2 root, DateTimeOffset now)
    {
        if (root.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
        {
            yield return "is not the certificate of an authority (basicConstraints CA:TRUE): give one that may sign others";
        }

        if (root.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
        {
            yield return "may not sign certificates (keyUsage lacks keyCertSign): give one that may";
        }

        if (!root.SubjectName.RawData.AsSpan().SequenceEqual(root.IssuerName.RawData))
        {
            yield return $"was issued by '{root.Issuer}' and is not a root: give the root, or let one be made";
        }

        if (root.GetRSAPublicKey() is { KeySize: < LeastRsaBits } weak)
        {
            yield return $"has an RSA key of {weak.KeySize} bits: OpenSSL trusts no less than {LeastRsaBits}, at the security level that Debian sets";
        }

        var notAfter = new DateTimeOffset(root.NotAfter).ToUniversalTime();
        if (notAfter <= now)
        {
            yield return $"expired on {notAfter:u}, and it is {now:u} here: give a current one, or set the clock";
        }
    }
}
