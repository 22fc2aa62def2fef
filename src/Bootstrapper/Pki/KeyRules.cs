using System.Globalization;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.EdEC;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Math;

namespace Bootstrapper.Pki;

/// <summary>
/// Keys that all who meet our certificates take: browsers, Go's crypto/x509 (which Kubernetes and etcd use) and OpenSSL as Debian
/// has it.
/// </summary>
internal static class KeyRules
{
    public const string Wanted = "RSA of 2048 to 8192 bits, or elliptic curve P-256, P-384 or P-521";

    private const int LeastRsaBits = 2048; // OpenSSL's security level 2; RFC 7518, 3.3 for tokens
    private const int MostRsaBits = 8192; // crypto/tls does not try larger ones

    private static readonly BigInteger LargestExponent = BigInteger.ValueOf(int.MaxValue); // crypto/rsa
    private static readonly BigInteger LeastOfNewKeys = BigInteger.ValueOf(65537); // FIPS 186-5, 5.4

    private static readonly HashSet<DerObjectIdentifier> Curves =
        [SecObjectIdentifiers.SecP256r1, SecObjectIdentifiers.SecP384r1, SecObjectIdentifiers.SecP521r1];

    /// <returns>
    /// What is wrong with it, to stand behind its name: <c>is an RSA key of 1024 bits</c>; <c>null</c> when it is taken by all.
    /// </returns>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static string? Objection(SubjectPublicKeyInfo key) =>
        OfAlgorithm(key.Algorithm.Algorithm) ?? (IsRsa(key.Algorithm.Algorithm) ? OfRsa(key) : OfCurve(key));

    /// <summary>
    /// As <see cref="Objection"/>, for a key that is made today: roots that others made long ago may have the exponent 3.
    /// </summary>
    public static string? ObjectionToNew(SubjectPublicKeyInfo key) => Objection(key)
        ?? (IsRsa(key.Algorithm.Algorithm)
            && RsaPublicKeyStructure.GetInstance(key.ParsePublicKey()).PublicExponent is var exponent
            && exponent.CompareTo(LeastOfNewKeys) < 0
                ? $"is an RSA key with the public exponent {exponent}, and new keys have 65537 or a larger one"
                : null);

    /// <summary>As <see cref="Objection"/>, as far as the algorithm alone tells.</summary>
    public static string? OfAlgorithm(DerObjectIdentifier algorithm) =>
        IsRsa(algorithm) || algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey) ? null
        : algorithm.Equals(EdECObjectIdentifiers.id_Ed25519) ? "is an Ed25519 key, and browsers do not accept those"
        : algorithm.Equals(EdECObjectIdentifiers.id_Ed448) ? "is an Ed448 key, and browsers do not accept those"
        : algorithm.Equals(PkcsObjectIdentifiers.IdRsassaPss) ? "is a key for RSASSA-PSS alone, and Go does not read those"
        : $"is a key of algorithm {algorithm.Id}, which signs no certificates that browsers accept";

    private static bool IsRsa(DerObjectIdentifier algorithm) => algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption);

    private static string? OfRsa(SubjectPublicKeyInfo info) => OfRsa(RsaPublicKeyStructure.GetInstance(info.ParsePublicKey()))
        ?? (info.Algorithm.Parameters is DerNull
            ? null
            : "is an RSA key without the NULL beside its algorithm (RFC 3279, 2.3.1), and Go does not read those");

    private static string? OfRsa(RsaPublicKeyStructure key) =>
        key.Modulus.BitLength is < LeastRsaBits or > MostRsaBits
            ? string.Create(CultureInfo.InvariantCulture, $"is an RSA key of {key.Modulus.BitLength} bits")
        : key.PublicExponent.CompareTo(LargestExponent) > 0
            || key.PublicExponent.CompareTo(BigInteger.Three) < 0 || !key.PublicExponent.TestBit(0)
            ? $"is an RSA key with the public exponent {key.PublicExponent}, which Go does not accept (65537 is usual)"
        : null;

    private static string? OfCurve(SubjectPublicKeyInfo key) =>
        key.Algorithm.Parameters is not DerObjectIdentifier curve
            ? "is an elliptic-curve key that spells its curve out instead of naming it, and Go does not read those"
        : !Curves.Contains(curve) ? $"is a key on the elliptic curve {SecNamedCurves.GetName(curve) ?? curve.Id}"
        : key.PublicKey.GetBytes() is not [0x04, ..] ? "is an elliptic-curve key in compressed form, and Go does not read those"
        : null;
}
