using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Images.SecureBoot;

/// <summary>
/// One signature of a program: PKCS #7 (RFC 2315, 9) around the program's digest (Authenticode, "SpcIndirectDataContent").
/// Firmware and shim read the first signer alone, and so do we.
/// </summary>
/// <param name="Digest">What the program's was when it was signed.</param>
/// <param name="Signer">Whose key signed it.</param>
/// <param name="Others">Certificates between that and a root.</param>
internal sealed record ProgramSignature(
    HashAlgorithmName Algorithm, byte[] Digest, X509Certificate2 Signer, X509Certificate2Collection Others)
{
    private const string MessageDigest = "1.2.840.113549.1.9.4";

    private static readonly Asn1Tag Explicit0 = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <returns><c>null</c> where it is no such signature, or does not hold.</returns>
    public static ProgramSignature? Read(byte[] pkcs7)
    {
        try
        {
            var content = new AsnReader(pkcs7, AsnEncodingRules.BER).ReadSequence();
            content.ReadObjectIdentifier();
            return ReadSigned(content.ReadSequence(Explicit0).ReadSequence());
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>As shim looks at it: no date counts, nor what else the certificate may be used for.</summary>
    public bool IsTrustedBy(X509Certificate2 root)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreWrongUsage
                    | X509VerificationFlags.IgnoreInvalidBasicConstraints,
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.AddRange(Others);
        return chain.Build(Signer);
    }

    private static ProgramSignature? ReadSigned(AsnReader signed)
    {
        signed.ReadInteger();
        signed.ReadSetOf();
        var indirect = signed.ReadSequence();
        indirect.ReadObjectIdentifier();
        var told = indirect.ReadSequence(Explicit0);
        var covered = told.PeekContentBytes().ToArray();
        var certificates = CertificatesIn(signed);
        var info = told.ReadSequence();
        info.ReadEncodedValue(); // what kind of program it is
        var digest = info.ReadSequence();
        var algorithm = AlgorithmIn(digest);
        var whole = digest.ReadOctetString();
        return SignerIn(signed.ReadSetOf().ReadSequence(), covered, certificates) is { } signer
            ? new ProgramSignature(algorithm, whole, signer, certificates)
            : null;
    }

    private static X509Certificate2Collection CertificatesIn(AsnReader signed)
    {
        var found = new X509Certificate2Collection();
        for (var set = signed.ReadSetOf(Explicit0); set.HasData;)
        {
            found.Add(X509CertificateLoader.LoadCertificate(set.ReadEncodedValue().Span));
        }

        return found;
    }

    /// <returns>
    /// Whose signature it is, over attributes that have the digest of what is signed; <c>null</c> where it is not.
    /// </returns>
    private static X509Certificate2? SignerIn(AsnReader info, byte[] covered, X509Certificate2Collection certificates)
    {
        info.ReadInteger();
        var name = info.ReadSequence();
        var (issuer, serial) = (name.ReadEncodedValue().ToArray(), name.ReadInteger());
        var algorithm = AlgorithmIn(info);
        var attributes = info.ReadEncodedValue().ToArray();
        attributes[0] = (byte)UniversalTagNumber.SetOf | 0x20; // as it was signed (RFC 2315, 9.3)
        info.ReadSequence();
        var signature = info.ReadOctetString();
        var signer = certificates.FirstOrDefault(certificate =>
            certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer)
            && new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true) == serial);
        using var key = signer?.GetRSAPublicKey();
        return key?.VerifyData(attributes, signature, algorithm, RSASignaturePadding.Pkcs1) == true
            && DigestIn(attributes)?.AsSpan().SequenceEqual(CryptographicOperations.HashData(algorithm, covered)) == true
                ? signer
                : null;
    }

    private static byte[]? DigestIn(byte[] attributes)
    {
        for (var set = new AsnReader(attributes, AsnEncodingRules.BER).ReadSetOf(skipSortOrderValidation: true); set.HasData;)
        {
            var attribute = set.ReadSequence();
            if (attribute.ReadObjectIdentifier() == MessageDigest)
            {
                return attribute.ReadSetOf().ReadOctetString();
            }
        }

        return null;
    }

    private static HashAlgorithmName AlgorithmIn(AsnReader around) =>
        HashAlgorithmName.FromOid(around.ReadSequence().ReadObjectIdentifier());
}
