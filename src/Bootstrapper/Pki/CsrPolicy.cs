using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// Whether a request asks for a leaf and for nothing beyond it. Pure. The certificate is then made from the leaf's profile; from
/// the request comes the key alone.
/// </summary>
internal static class CsrPolicy
{
    /// <summary>Kubernetes' words for the two leaves that every kubelet asks for (kubernetes.io, Certificate Signing Requests).</summary>
    private static readonly IReadOnlyDictionary<string, string> Signers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kubernetes.io/kube-apiserver-client-kubelet"] = NodeLeaf.KubeletClient,
        ["kubernetes.io/kubelet-serving"] = NodeLeaf.KubeletServing,
    };

    /// <summary>The leaf that a signer stands for; <c>null</c> for signers that are none of ours.</summary>
    public static string? LeafOf(string signerName) => Signers.GetValueOrDefault(signerName);

    /// <returns>Why not; <c>null</c> when it may be signed.</returns>
    public static string? Refusal(CertificateRequest asked, LeafProfile allowed)
    {
        try
        {
            return RefusalOfKey(asked.PublicKey)
                ?? RefusalOfSubject(asked.SubjectName, allowed)
                ?? asked.CertificateExtensions.Select(extension => RefusalOf(extension, allowed)).FirstOrDefault(refusal => refusal is not null);
        }
        catch (CryptographicException)
        {
            return "a part of the request cannot be read";
        }
    }

    private static string? RefusalOfKey(PublicKey key)
    {
        using var rsa = key.GetRSAPublicKey();
        using var curve = key.GetECDsaPublicKey();
        return rsa is { KeySize: >= 2048 and <= 8192 } || curve is { KeySize: 256 or 384 or 521 } ? null
            : "the key must be elliptic curve (P-256, P-384, P-521) or RSA of 2048 to 8192 bits";
    }

    /// <summary>To Kubernetes the subject is the user and the groups, so it must be the leaf's to the letter.</summary>
    private static string? RefusalOfSubject(X500DistinguishedName subject, LeafProfile allowed) =>
        LeafEncoding.SameParts(subject, LeafEncoding.Subject(allowed)) ? null
            : $"the subject is '{Printable.Text(subject.Name, longest: 200)}', and may only be '{LeafEncoding.Subject(allowed).Name}'";

    private static string? RefusalOf(X509Extension extension, LeafProfile allowed) => extension.Oid?.Value switch
    {
        "2.5.29.14" => null, // subject key identifier: we write our own
        "2.5.29.15" => RefusalOfKeyUsage(new X509KeyUsageExtension(extension, extension.Critical).KeyUsages),
        "2.5.29.17" => RefusalOfNames(AlternativeNames.Read(extension.RawData), allowed),
        "2.5.29.19" => new X509BasicConstraintsExtension(extension, extension.Critical).CertificateAuthority ? "it asks to be an authority" : null,
        "2.5.29.37" => RefusalOfUsage(new X509EnhancedKeyUsageExtension(extension, extension.Critical).EnhancedKeyUsages, allowed),
        var other => $"it asks for an extension, {other}, that no leaf has",
    };

    private static string? RefusalOfKeyUsage(X509KeyUsageFlags usages) =>
        (usages & ~(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment)) == X509KeyUsageFlags.None ? null
            : $"the key may sign and encipher keys, and nothing else: it asks for {usages}";

    private static string? RefusalOfUsage(OidCollection usages, LeafProfile allowed)
    {
        var allowedOids = LeafEncoding.Usages(allowed.Usage).Cast<Oid>().Select(oid => oid.Value).ToList();
        return usages.Cast<Oid>().Select(usage => usage.Value).FirstOrDefault(usage => !allowedOids.Contains(usage)) is { } beyond
            ? $"it asks for the extended key usage {beyond}, and may only serve as {allowed.Usage}"
            : null;
    }

    private static string? RefusalOfNames(AlternativeNames asked, LeafProfile allowed) =>
        asked.Others > 0 ? "it asks for alternative names that are neither DNS names nor addresses"
        : asked.DnsNames.Except(allowed.DnsNames, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } name ? $"it asks for the name {Printable.Text(name)}, which is not this node's"
        : asked.Addresses.Except(allowed.Addresses).FirstOrDefault() is { } address ? $"it asks for the address {address}, which is not this node's"
        : null;
}
