using Bootstrapper.Pki;

namespace Bootstrapper.Doctor;

/// <summary>Certificates that should have been renewed by now.</summary>
internal static class CertificateExpiry
{
    public const string Name = "certificates";

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var certificates = new PkiStatus(patient.Bsroot, patient.Time).All().ToList();
        var ill = certificates.Where(certificate => certificate.Health != CertificateHealth.Good).Select(Tell).ToList();
        return ill.Count == 0 ? [Finding.Good(Name, $"{certificates.Count} recorded, none expires soon")] : ill;
    }

    private static Finding Tell(CertificateStatus certificate)
    {
        var subject = $"{certificate.Name} of {certificate.Owner}";
        return certificate.Health switch
        {
            CertificateHealth.Untrusted => Finding.Error(
                Name,
                $"{subject} was signed by no root in the data root",
                "'bootstrapper pki status' shows by whom; restore that root"),
            CertificateHealth.Expired =>
                Finding.Error(Name, $"{subject} expired on {certificate.NotAfter:u}", Remedy(certificate)),
            CertificateHealth.Early => Finding.Error(
                Name,
                $"{subject} is not valid before {certificate.NotBefore:u}",
                certificate.IsRoot() ? "give a current one, or set the clock" : "set the clock: it was wrong, or is"),
            _ => Finding.Warning(
                Name, $"{subject} has {certificate.DaysLeft} days left, less than a third of its life", Remedy(certificate)),
        };
    }

    private static string Remedy(CertificateStatus certificate) => certificate.IsRoot()
        ? "replace it with 'bootstrapper pki rotate-ca'"
        : "it is renewed automatically: check that its machine runs and reaches this host";
}
