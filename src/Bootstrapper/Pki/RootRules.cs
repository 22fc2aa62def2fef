using System.Globalization;
using Bootstrapper.Host;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Bootstrapper.Pki;

/// <summary>
/// What a given root must be, so that what it signs is accepted everywhere and not only here: RFC 5280, and what Go's crypto/x509
/// (Kubernetes, etcd), OpenSSL and browsers make of it. Pure. Each says what is wrong and what to do, to stand behind the file's
/// name.
/// </summary>
internal static class RootRules
{
    private const int MostSerialOctets = 20;
    private const int KeyCertSign = 5;
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>
    /// What Go, OpenSSL and browsers all know. A critical extension that one of them does not know makes it refuse all that the
    /// root signed.
    /// </summary>
    private static readonly HashSet<DerObjectIdentifier> KnownToAll =
        [
            X509Extensions.BasicConstraints,
            X509Extensions.KeyUsage,
            X509Extensions.ExtendedKeyUsage,
            X509Extensions.SubjectAlternativeName,
         X509Extensions.NameConstraints, X509Extensions.CertificatePolicies];

    /// <summary>Why clients would not trust what it signs; none of it when they do.</summary>
    public static IEnumerable<string> Objections(X509Certificate root, DateTimeOffset now) =>
        new[] { OfAuthority(root), OfKey(root), OfIssuer(root), OfTime(
            root, now), OfSerial(root), OfUsage(root), OfExtensions(root), OfSubject(root) }
            .OfType<string>();

    /// <summary>What only OpenSSL's strict checks (X509_V_FLAG_X509_STRICT) refuse, which Python has on since 3.13.</summary>
    public static IEnumerable<string> StrictObjections(X509Certificate root)
    {
        if (Extension(root, X509Extensions.SubjectKeyIdentifier) is null)
        {
            yield return "has no subjectKeyIdentifier";
        }

        if (Extension(root, X509Extensions.KeyUsage) is null)
        {
            yield return "has no keyUsage";
        }

        if (!root.GetCriticalExtensionOids().Contains(X509Extensions.BasicConstraints.Id))
        {
            yield return "has a basicConstraints that is not critical";
        }
    }

    private static string? OfAuthority(X509Certificate root) =>
        root.GetBasicConstraints() < 0
            ? "is not the certificate of an authority (basicConstraints CA:TRUE): give one that may sign others"
        : root.GetKeyUsage() is { } usage && !usage[KeyCertSign]
            ? "may not sign certificates (keyUsage lacks keyCertSign): give one that may"
        : null;

    private static string? OfIssuer(X509Certificate root) =>
        !root.SubjectDN.GetDerEncoded().AsSpan().SequenceEqual(root.IssuerDN.GetDerEncoded())
            ? $"was issued by '{root.IssuerDN.ToString(reverse: true, X509Name.DefaultSymbols)}' and is not a root: give the "
                + "root, or remove both files to have one made"
        : !IsSignedByItself(root)
            ? "has its own name as issuer, but was not signed with its own key: give the root, or a copy that is not damaged"
        : Extension(root, X509Extensions.AuthorityKeyIdentifier) is { } authority
            && !NamesItself(AuthorityKeyIdentifier.GetInstance(authority), root)
            ? "names another certificate as its issuer (authorityKeyIdentifier), and OpenSSL would look for that one: issue "
                + "it again without, or with its own"
        : null;

    private static bool IsSignedByItself(X509Certificate root)
    {
        try
        {
            if (root.SigAlgOid == PkcsObjectIdentifiers.IdRsassaPss.Id)
            {
                return IsSignedWithPss(root);
            }

            root.Verify(root.GetPublicKey());
            return true;
        }
        catch (Exception e) when (e is GeneralSecurityException or ArgumentException
            or InvalidOperationException or Org.BouncyCastle.Crypto.CryptoException)
        {
            return false;
        }
    }

    /// <summary>OpenSSL's salt is as long as the key lets it be; BouncyCastle expects one as long as the digest.</summary>
    private static bool IsSignedWithPss(X509Certificate root)
    {
        var pss = RsassaPssParameters.GetInstance(root.CertificateStructure.SignatureAlgorithm.Parameters);
        var mask = AlgorithmIdentifier.GetInstance(pss.MaskGenAlgorithm.Parameters);
        var signer = new PssSigner(
            new RsaBlindedEngine(),
            DigestUtilities.GetDigest(pss.HashAlgorithm.Algorithm),
            DigestUtilities.GetDigest(mask.Algorithm),
            pss.SaltLength.IntValueExact);
        signer.Init(forSigning: false, root.GetPublicKey());
        signer.BlockUpdate(root.GetTbsCertificate());
        return signer.VerifySignature(root.GetSignature());
    }

    private static bool NamesItself(AuthorityKeyIdentifier authority, X509Certificate root) =>
        (authority.KeyIdentifier is not { } key
            || Extension(root, X509Extensions.SubjectKeyIdentifier) is not { } own || key.Equals(own))
        && (authority.AuthorityCertSerialNumber is not { } serial || serial.Equals(root.SerialNumber));

    private static string? OfKey(X509Certificate root) =>
        KeyRules.Objection(root.SubjectPublicKeyInfo) is { } objection
            ? $"has a key that clients refuse: it {objection}; give a root with {KeyRules.Wanted}"
            : null;

    private static string? OfTime(X509Certificate root, DateTimeOffset now) =>
        root.NotAfter <= now.UtcDateTime
            ? $"expired on {root.NotAfter:u}, and it is {now:u} here: give a current one, or set the clock"
        : root.NotBefore > now.UtcDateTime
            ? $"is not valid before {root.NotBefore:u}, and it is {now:u} here: give a current one, or set the clock"
        : null;

    private static string? OfSerial(X509Certificate root) =>
        root.SerialNumber.SignValue <= 0 ? $"has the serial number {root.SerialNumber}, "
            + "and clients take only positive ones: issue it again ('openssl req -x509' gives it a good one)"
        : root.SerialNumber.ToByteArray().Length > MostSerialOctets
            ? string.Create(CultureInfo.InvariantCulture, $"has a serial number of more than {MostSerialOctets} octets (RFC "
                + $"5280, 4.1.2.2): issue it again with a shorter one")
        : null;

    /// <summary>
    /// To OpenSSL and Go the uses of a root bound those of everything below it; OpenSSL takes «any» for neither.
    /// </summary>
    private static string? OfUsage(X509Certificate root) =>
        root.GetExtendedKeyUsage()?.Select(usage => usage.Id).ToList() is { } usages
            && !(usages.Contains(ServerAuth) && usages.Contains(ClientAuth))
            ? $"may sign for other uses alone (extendedKeyUsage {string.Join(", ", usages)}), "
                + "and what it signs serves both ends of a connection: "
                + "give one without extendedKeyUsage, or with both serverAuth and clientAuth"
            : null;

    private static string? OfExtensions(X509Certificate root) =>
        root.GetCriticalExtensionOids().FirstOrDefault(oid => !KnownToAll.Contains(new DerObjectIdentifier(oid))) is { } unknown
            ? $"has an extension, {unknown}, that is critical and that not every client knows: issue it again without, "
                + "or not critical"
        : RootConstraints.Of(root)?.Unknown is { } kind
            ? $"has name constraints {kind}, which not every client knows: give a root without name constraints"
        : null;

    private static string? OfSubject(X509Certificate root) =>
        StringsOf(root).OfType<DerPrintableString>().Select(text => text.GetString())
            .FirstOrDefault(text => !IsPrintable(text)) is { } text
            ? $"has '{Printable.Escaped(text)}' in its subject as a PrintableString, "
                + "which may not hold all of these characters, and Go does not read it: "
                + "issue it again in UTF-8"
            : null;

    private static IEnumerable<Asn1Encodable> StringsOf(X509Certificate root) =>
        from part in Asn1Sequence.GetInstance(root.SubjectDN.ToAsn1Object())
        from pair in Asn1Set.GetInstance(part)
        select Asn1Sequence.GetInstance(pair)[1];

    /// <summary>Go's list: the standard's, and two that are met so often that it looks away (crypto/x509, isPrintable).</summary>
    private static bool IsPrintable(string text) =>
        DerPrintableString.IsPrintableString(text.Replace('*', ' ').Replace('&', ' '));

    private static Asn1Object? Extension(X509Certificate root, DerObjectIdentifier oid) =>
        root.GetExtensionValue(oid) is { } value ? Asn1Object.FromByteArray(value.GetOctets()) : null;
}
