using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Doctor;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper doctor [--json]</c></summary>
internal static class DoctorCommand
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal, not for a web page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var json = new Option<bool>("--json") { Description = "Write the findings as JSON." };
        var command = new Command("doctor", """
            Looks for problems that keep machines from booting, on this host and on the network, and says what to do.

            Another DHCP server, a duplicate address, a port that is in use, a firewall, a disk that is full,
            a clock that is wrong, certificates near their end, releases that are missing. It changes nothing, and may run
            beside a bootstrapper that serves.

            Exit code 0 when there is no problem, else 69.
            """) { bsroot, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.Bsroot(bsroot),
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Bsroot bsroot, bool json, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        if (snapshot is null)
        {
            return exitCode;
        }

        var findings = await Examination.OfAsync(
            new Patient(bsroot, snapshot, LocalInterface.All(), TimeProvider.System) { Routes = LocalRoute.All() },
            cancellation);
        await output.WriteAsync(json ? JsonSerializer.Serialize(findings, Json) + "\n" : Text(findings));
        return findings.Any(finding => finding.Gravity == Gravity.Error) ? ExitCode.Unavailable : ExitCode.Success;
    }

    private static string Text(IReadOnlyList<Finding> findings) => string.Concat(findings.Select(finding =>
        $"{finding.Gravity.ToString().ToLowerInvariant(),-8} {finding.Check}: "
            + $"{finding.Text}\n{(finding.Remedy.Length == 0 ? "" : $"         {finding.Remedy}\n")}"));
}
