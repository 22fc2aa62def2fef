using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Host;

namespace Bootstrapper.Pki;

/// <summary>Every recorded certificate, told from the data root alone. Reads, and makes nothing.</summary>
internal sealed class PkiStatus(Bsroot bsroot, TimeProvider time)
{
    private readonly IReadOnlyList<PublicRoot> _roots = PublicRoot.All(bsroot);

    /// <summary>Roots first, then our own, the nodes' and the operators'.</summary>
    public IEnumerable<CertificateStatus> All() =>
    [
        .. _roots.Select(root => Of("bootstrapper", CertificateStatus.RootName, root.Certificate, root.Label)),
        .. Leaves(),
    ];

    /// <summary>What would be worth nothing if the root before were trusted no longer.</summary>
    public IEnumerable<CertificateStatus> StillOfOldRoot(RootName root) =>
        Leaves().Where(leaf => leaf.Health != CertificateHealth.Expired
            && _roots.Any(old => old.Name == root && old.Part == PublicRoot.Old && leaf.Ca == old.Label));

    private IEnumerable<CertificateStatus> Leaves() =>
        In(bsroot.FrontCertificate).Select(certificate => Of("bootstrapper", "https", certificate))
            .Concat(In(bsroot.RegistryCertificate).Select(certificate => Of("bootstrapper", "registry", certificate)))
            .Concat(new LeafFiles(bsroot).All().Where(leaf => leaf.Certificates.Count > 0)
                .Select(leaf => Of(leaf.Mac.ToString(), leaf.Name, leaf.Certificates[0])))
            .Concat(new UserCertificates(bsroot).All().Select(certificate =>
                Of("user", Printable.Escaped(LeafEncoding.ProfileOf(certificate).CommonName), certificate)));

    private static IEnumerable<X509Certificate2> In(string file) =>
        File.Exists(file) ? RootCheck.Certificates(RootCheck.ReadFile(file)) : [];

    private CertificateStatus Of(string owner, string name, X509Certificate2 certificate) =>
        Of(owner, name, certificate, _roots.FirstOrDefault(root => root.HasSigned(certificate))?.Label);

    private CertificateStatus Of(string owner, string name, X509Certificate2 certificate, string? ca)
    {
        var now = time.GetUtcNow();
        var notBefore = new DateTimeOffset(certificate.NotBefore).ToUniversalTime();
        var notAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
        var health = ca is null ? CertificateHealth.Untrusted
            : notAfter <= now ? CertificateHealth.Expired
            : notBefore > now ? CertificateHealth.Early
            : notAfter - now < (notAfter - notBefore) / 3 ? CertificateHealth.Renew
            : CertificateHealth.Good;
        return new CertificateStatus(
            owner,
            name,
            Printable.Escaped(certificate.Subject, longest: 200),
            ca ?? "none",
            notBefore,
            notAfter,
            (int)Math.Floor((notAfter - now).TotalDays),
            health);
    }
}
