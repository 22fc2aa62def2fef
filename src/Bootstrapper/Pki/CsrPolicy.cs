using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Host;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using X509Extensions = Org.BouncyCastle.Asn1.X509.X509Extensions;

namespace Bootstrapper.Pki;

/// <summary>
/// Whether a request asks for a leaf and for nothing beyond it. Pure. The certificate is then made from the leaf's profile; from
/// the request comes the key alone.
/// </summary>
internal static class CsrPolicy
{
    /// <summary>
    /// Kubernetes' words for the two leaves that every kubelet asks for (kubernetes.io, Certificate Signing Requests).
    /// </summary>
    private static readonly IReadOnlyDictionary<string, string> Signers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kubernetes.io/kube-apiserver-client-kubelet"] = NodeLeaf.KubeletClient,
        ["kubernetes.io/kubelet-serving"] = NodeLeaf.KubeletServing,
    };

    /// <summary>The leaf that a signer stands for; <c>null</c> for signers that are none of ours.</summary>
    public static string? LeafOf(string signerName) => Signers.GetValueOrDefault(signerName);

    /// <returns>Why not; <c>null</c> when it may be signed.</returns>
    public static string? Refusal(SigningRequest asked, LeafProfile allowed)
    {
        try
        {
            return RefusalOfSubject(asked.Subject, allowed)
                ?? asked.Extensions?.ExtensionOids.Select(oid => RefusalOf(oid, asked.Extensions, allowed)).FirstOrDefault(
                    refusal => refusal is not null);
        }
        catch (Exception malformed) when (malformed is ArgumentException
            or InvalidOperationException or IOException or CryptographicException)
        {
            return "a part of the request cannot be read";
        }
    }

    /// <summary>To Kubernetes the subject is the user and the groups, so it must be the leaf's to the letter.</summary>
    private static string? RefusalOfSubject(X500DistinguishedName subject, LeafProfile allowed) =>
        LeafEncoding.SameParts(subject, LeafEncoding.Subject(allowed)) ? null
            : $"the subject is '{Printable.Escaped(subject.Name, longest: 200)}', "
                + $"and may only be '{LeafEncoding.Subject(allowed).Name}'";

    private static string? RefusalOf(DerObjectIdentifier oid, X509Extensions extensions, LeafProfile allowed) => oid.Id switch
    {
        "2.5.29.14" => null, // subject key identifier: we write our own
        "2.5.29.15" =>
            RefusalOfKeyUsage((X509KeyUsageFlags)KeyUsage.GetInstance(extensions.GetExtensionParsedValue(oid)).IntValue),
        "2.5.29.17" => RefusalOfNames(AlternativeNames.Read(extensions.GetExtensionParsedValue(oid)), allowed),
        "2.5.29.19" =>
            BasicConstraints.GetInstance(extensions.GetExtensionParsedValue(oid)).IsCA() ? "it asks for a CA certificate" : null,
        "2.5.29.37" => RefusalOfUsage(ExtendedKeyUsage.GetInstance(extensions.GetExtensionParsedValue(oid)), allowed),
        var other => $"it asks for an extension that is not allowed: {other}",
    };

    private static string? RefusalOfKeyUsage(X509KeyUsageFlags usages) =>
        (usages & ~(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment)) == X509KeyUsageFlags.None ? null
            : $"the key may sign and encipher keys, and nothing else: it asks for {usages}";

    private static string? RefusalOfUsage(ExtendedKeyUsage usages, LeafProfile allowed)
    {
        var allowedOids = LeafEncoding.Usages(allowed.Usage).Cast<Oid>().Select(oid => oid.Value).ToList();
        return usages.GetAllUsages().Select(usage => usage.Id).FirstOrDefault(usage => !allowedOids.Contains(usage)) is { } beyond
            ? $"it asks for the extended key usage {beyond}, and may only serve as {allowed.Usage}"
            : null;
    }

    private static string? RefusalOfNames(AlternativeNames asked, LeafProfile allowed) =>
        asked.Others > 0 ? "it asks for alternative names that are neither DNS names nor addresses"
        : asked.DnsNames.Except(allowed.DnsNames, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } name
            ? $"it asks for the name {Printable.Escaped(name)}, which is not this node's"
        : asked.Addresses.Except(allowed.Addresses).FirstOrDefault() is { } address
            ? $"it asks for the address {address}, which is not this node's"
        : null;
}
