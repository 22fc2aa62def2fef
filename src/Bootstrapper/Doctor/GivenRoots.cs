using Bootstrapper.Pki;

namespace Bootstrapper.Doctor;

/// <summary>
/// Roots and keys in the data root, judged as a start would judge them: an operator learns of it before machines do.
/// </summary>
internal static class GivenRoots
{
    public const string Name = "roots";

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var findings = RootNames.All.SelectMany(root => Judge(root, patient))
            .Concat(Try(() => ControlPlaneSecrets.Judge(patient.Bsroot))).ToList();
        return findings.Count > 0
            ? findings
            : [Finding.Good(Name, "all of them can sign, and clients will trust what they sign")];
    }

    private static IEnumerable<Finding> Judge(RootName root, Patient patient)
    {
        var paths = patient.Bsroot.PathsOf(root);
        return new[] { (Certificate: paths.Certificate, paths.Key), (Certificate: paths.Next, Key: paths.Next) }
            .Where(pair => File.Exists(pair.Certificate))
            .SelectMany(pair => Try(() => Judge(root, pair.Certificate, pair.Key, patient)));
    }

    private static IEnumerable<Finding> Judge(RootName root, string file, string keyFile, Patient patient)
    {
        using var certificate = RootCheck.Certificate(file, patient.Time.GetUtcNow());
        RootCheck.WithKey(certificate, keyFile).Dispose();
        var parsed = RootCheck.Parsed(certificate);
        RootConstraints.Of(parsed)?.Require(file, Authorities.ProfilesOf(root, patient.Cluster));
        return [.. RootRules.StrictObjections(parsed).Select(objection => Finding.Warning(
            Name,
            $"{file} {objection}: clients with OpenSSL's strict checks refuse what it signs, Python since 3.13 among them",
            "issue it again for the same key with subjectKeyIdentifier=hash, keyUsage=critical,keyCertSign,cRLSign and "
                + "basicConstraints=critical,CA:TRUE"))];
    }

    private static IEnumerable<Finding> Try(Action judge) => Try(() =>
    {
        judge();
        return [];
    });

    private static IEnumerable<Finding> Try(Func<IEnumerable<Finding>> judge)
    {
        try
        {
            return judge();
        }
        catch (PkiException e)
        {
            return [Finding.Error(
                Name, e.Message, "'bootstrapper serve' does not start with it: docs/certificates.md, Your own roots")];
        }
    }
}
