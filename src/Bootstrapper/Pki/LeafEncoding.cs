using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A profile as X.509 has it (RFC 5280), there and back.</summary>
internal static class LeafEncoding
{
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationOid = "2.5.4.10";
    private static readonly Oid ServerAuth = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2");

    /// <summary>With a key of ours: what is asked for can be signed with it too, as a PKCS#10 request.</summary>
    public static CertificateRequest Request(LeafProfile profile, ECDsa key) =>
        WithExtensions(new CertificateRequest(Subject(profile), key, HashAlgorithmName.SHA256), profile);

    /// <summary>For a key that somebody else holds.</summary>
    public static CertificateRequest Request(LeafProfile profile, PublicKey key) =>
        WithExtensions(new CertificateRequest(Subject(profile), key, HashAlgorithmName.SHA256), profile);

    private static CertificateRequest WithExtensions(CertificateRequest request, LeafProfile profile)
    {
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Usages(profile.Usage), critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (profile.DnsNames.Count + profile.Addresses.Count > 0)
        {
            request.CertificateExtensions.Add(SubjectAlternativeNames(profile));
        }

        return request;
    }

    /// <summary>The profile that <paramref name="certificate"/> was issued for.</summary>
    public static LeafProfile ProfileOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return new LeafProfile(Values(certificate.SubjectName, CommonNameOid).FirstOrDefault() ?? "")
        {
            Organizations = [.. Values(certificate.SubjectName, OrganizationOid)],
            DnsNames = [.. names?.EnumerateDnsNames() ?? []],
            Addresses = [.. names?.EnumerateIPAddresses() ?? []],
            Usage = UsageOf(certificate),
        };
    }

    public static X500DistinguishedName Subject(LeafProfile profile)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(profile.CommonName);
        foreach (var organization in profile.Organizations)
        {
            subject.AddOrganizationName(organization);
        }

        return subject.Build();
    }

    /// <summary>Whether two names say the same, in whatever order.</summary>
    public static bool SameParts(X500DistinguishedName one, X500DistinguishedName other) =>
        Parts(one).Order(StringComparer.Ordinal).SequenceEqual(
            Parts(other).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>
    /// Each part as <c>OID=value</c>. One that is not a single text is given as its octets, which are like no part of ours.
    /// </summary>
    private static IEnumerable<string> Parts(X500DistinguishedName name) =>
        name.EnumerateRelativeDistinguishedNames()
            .Select(part => !part.HasMultipleElements && part.GetSingleElementValue() is { } value
                ? $"{part.GetSingleElementType().Value}={value}"
                : Convert.ToHexString(part.RawData.Span));

    private static IEnumerable<string> Values(X500DistinguishedName name, string oid) =>
        from part in name.EnumerateRelativeDistinguishedNames()
        where !part.HasMultipleElements && part.GetSingleElementType().Value == oid
        select part.GetSingleElementValue();

    public static OidCollection Usages(LeafUsage usage)
    {
        var oids = new OidCollection();
        if (usage.HasFlag(LeafUsage.Server))
        {
            oids.Add(ServerAuth);
        }

        if (usage.HasFlag(LeafUsage.Client))
        {
            oids.Add(ClientAuth);
        }

        return oids;
    }

    private static LeafUsage UsageOf(X509Certificate2 certificate)
    {
        var oids = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).Select(oid => oid.Value).ToList();
        return (oids.Contains(ServerAuth.Value) ? LeafUsage.Server : LeafUsage.None)
            | (oids.Contains(ClientAuth.Value) ? LeafUsage.Client : LeafUsage.None);
    }

    private static X509Extension SubjectAlternativeNames(LeafProfile profile)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in profile.DnsNames)
        {
            names.AddDnsName(name);
        }

        foreach (var address in profile.Addresses)
        {
            names.AddIpAddress(address);
        }

        return names.Build();
    }
}
