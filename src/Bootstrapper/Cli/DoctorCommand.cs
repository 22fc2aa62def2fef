using System.CommandLine;
using Bootstrapper.Doctor;
using Bootstrapper.Host;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper doctor</c></summary>
internal static class DoctorCommand
{
    private const int Margin = 9;

    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("doctor", """
            Looks for problems that keep machines from booting, on this host and on the network, and says what to do.

            Another DHCP server, a duplicate address, a port that is in use, a firewall, a disk that is full,
            a clock that is wrong, certificates near their end, releases that are missing. It changes nothing, and may run
            beside a bootstrapper that serves.

            Exit code 0 when there is no problem, else 69.
            """) { bsroot, OutputFormat.OfFindings };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, parsed.Bsroot(bsroot), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Bsroot bsroot, CancellationToken cancellation)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, parsed.InvocationConfiguration.Error);
        if (snapshot is null)
        {
            return exitCode;
        }

        var findings = await Examination.OfAsync(
            new Patient(bsroot, snapshot, LocalInterface.All(), TimeProvider.System) { Routes = LocalRoute.All() },
            cancellation);
        if (!OutputFormat.OfFindings.WriteForPrograms(parsed, findings))
        {
            Print(findings, parsed.InvocationConfiguration.Output);
        }

        return findings.Any(finding => finding.Gravity == Gravity.Error) ? ExitCode.Unavailable : ExitCode.Success;
    }

    private static void Print(IReadOnlyList<Finding> findings, TextWriter output)
    {
        foreach (var finding in findings)
        {
            output.WriteProse(
                $"{finding.Gravity.ToString().ToLowerInvariant(),-Margin}{finding.Check}: {finding.Text}", hanging: Margin);
            if (finding.Remedy.Length > 0)
            {
                output.WriteProse(finding.Remedy, Margin, Margin);
            }
        }
    }
}
