using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;
using X509Extensions = Org.BouncyCastle.Asn1.X509.X509Extensions;

namespace Bootstrapper.Pki;

/// <summary>A request for a certificate (PKCS#10, RFC 2986), signed with the key that it asks for.</summary>
internal sealed record SigningRequest(X500DistinguishedName Subject, SubjectPublicKeyInfo Key, X509Extensions? Extensions)
{
    /// <summary>The key, as certificates are issued for it.</summary>
    public PublicKey PublicKey => PublicKey.CreateFromSubjectPublicKeyInfo(Key.GetDerEncoded(), out _);

    /// <returns>The request; or why there is none: it is said to whoever sent it.</returns>
    public static (SigningRequest? Request, string Objection) Read(string pem)
    {
        try
        {
            using var reader = new PemReader(new StringReader(pem));
            return reader.ReadObject() is not Pkcs10CertificationRequest request
                ? (null, "the body is not a certificate request in PEM (PKCS#10, -----BEGIN CERTIFICATE REQUEST-----)")
                : reader.ReadObject() is not null ? (null, "the body holds more than one certificate request: send one at a time")
                : KeyRules.ObjectionToNew(request.GetCertificationRequestInfo().SubjectPublicKeyInfo) is { } objection
                    ? (null, $"the key {objection}: it must be {KeyRules.Wanted}") // before it makes us reckon for many seconds
                : !request.Verify() ? (null, "the request has no valid signature by its own key")
                : (Of(request), "");
        }
#pragma warning disable CA1031 // Whoever sends it chooses what it is made of, and the parser throws whatever that leads it to.
        catch (Exception)
#pragma warning restore CA1031
        {
            return (null, "the certificate request cannot be read (PKCS#10, RFC 2986)");
        }
    }

    private static SigningRequest Of(Pkcs10CertificationRequest request)
    {
        var info = request.GetCertificationRequestInfo();
        return new SigningRequest(
            new X500DistinguishedName(info.Subject.GetDerEncoded()), info.SubjectPublicKeyInfo, request.GetRequestedExtensions());
    }
}
