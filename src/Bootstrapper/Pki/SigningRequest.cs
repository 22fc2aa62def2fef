using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A request for a certificate (PKCS#10, RFC 2986), signed with the key that it asks for.</summary>
internal static class SigningRequest
{
    /// <returns><c>null</c> when <paramref name="pem"/> is no request, or was not signed with its own key.</returns>
    public static CertificateRequest? Read(string pem)
    {
        try
        {
            return CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
