using System.CommandLine;
using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper pki status [-o json]</c></summary>
internal static class PkiStatusCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("status", """
            Lists every recorded certificate with its issuer and how long it is valid.

            Reads the data root alone, also while nothing runs. A certificate with less than a third of its life left is
            a warning: its machine should have renewed it.
            """) { bsroot, OutputFormat.OfFindings };
        command.SetAction(parsed => PkiFailure.Guard(parsed.InvocationConfiguration.Error, () =>
            Run(parsed, parsed.Bsroot(bsroot))));
        return command;
    }

    private static int Run(ParseResult parsed, Bsroot bsroot)
    {
        var names = HostNames(bsroot);
        var certificates = new PkiStatus(bsroot, TimeProvider.System).All()
            .Select(certificate => certificate with { Owner = names.GetValueOrDefault(certificate.Owner, certificate.Owner) })
            .ToList();
        if (!OutputFormat.OfFindings.WriteForPrograms(parsed, certificates))
        {
            parsed.InvocationConfiguration.Output.Write(Table(certificates));
        }

        foreach (var certificate in certificates.Where(certificate => certificate.Health != CertificateHealth.Good))
        {
            parsed.InvocationConfiguration.Error.WriteLine(
                $"warning: {certificate.Name} of {certificate.Owner} {Advice(certificate)}");
        }

        return ExitCode.Success;
    }

    private static string Advice(CertificateStatus certificate) => certificate.Health switch
    {
        CertificateHealth.Expired => $"expired on {certificate.NotAfter:u}",
        CertificateHealth.Early => $"is not valid before {certificate.NotBefore:u}: give a current one, or set the clock",
        CertificateHealth.Untrusted => "was not signed by any root in the data root",
        _ => $"has {certificate.DaysLeft} days left, less than a third of its life",
    };

    private static string Table(IReadOnlyList<CertificateStatus> certificates) => TextTable.Of(
    [
        ["OWNER", "NAME", "CA", "EXPIRES", "DAYS", "STATE", "SUBJECT"],
        .. certificates.Select(certificate => new[]
        {
            certificate.Owner, certificate.Name, certificate.Ca, certificate.NotAfter.ToString(
                "yyyy-MM-dd", CultureInfo.InvariantCulture),
            certificate.DaysLeft.ToString(CultureInfo.InvariantCulture),
            certificate.Health.ToString().ToLowerInvariant(), certificate.Subject,
        }),
    ]);

    /// <summary>Nodes by name where the description can be read; certificates outlive descriptions.</summary>
    private static Dictionary<string, string> HostNames(Bsroot bsroot)
    {
        try
        {
            return ClusterDescriptionReader.Read(BoundedFile.ReadText(bsroot.Description, SnapshotLoader.LargestDescription))
                .Cluster?.Nodes.ToDictionary(node => node.Mac.ToString(), node => node.HostName, StringComparer.Ordinal) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
