using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Supervision;

/// <summary>Asks dnsmasq itself whether it could read a configuration, before that takes the place of one that works.</summary>
/// <remarks>It reads, and opens nothing: an address in use or a missing interface shows only when it starts.</remarks>
internal static partial class DnsmasqCheck
{
    /// <summary>It takes a moment, on a busy host more; a start that fails for it leaves nobody to boot machines.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="conf">The candidate; dnsmasq names it in what it says.</param>
    /// <returns>Empty when dnsmasq accepts it; otherwise the first thing it stumbles over, for it looks no further.</returns>
    public static Task<IReadOnlyList<Problem>> RunAsync(string conf, CancellationToken cancellationToken) =>
        RunAsync(conf, Patience, cancellationToken);

    internal static async Task<IReadOnlyList<Problem>> RunAsync(
        string conf, TimeSpan patience, CancellationToken cancellationToken)
    {
        var check = new ProgramRun(DnsmasqService.Program, ["--test", $"--conf-file={conf}"], patience)
        {
            Package = "dnsmasq-base",
        };
        try
        {
            var result = await check.RunAsync(cancellationToken);
            return result.ExitCode == 0
                ? []
                : [.. result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Read(line, conf))];
        }
        catch (ProgramException failure)
        {
            return [Trouble(conf, $"cannot be checked: {failure.Message}")];
        }
    }

    private static Problem Read(string line, string conf)
    {
        var match = AtLine().Match(line);
        return match.Success
            ? Trouble(match.Groups["file"].Value, match.Groups["message"].Value) with
            {
                Position = new Position(Line(match), Column: 1),
            }
            : Trouble(conf, Prefix().Replace(line, ""));
    }

    private static long Line(Match match) => long.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture);

    private static Problem Trouble(string file, string message) => Problem.Error(path: "", message) with { File = file };

    [GeneratedRegex(@"^dnsmasq(?:\[\d+\])?: (?<message>.+) at line (?<line>\d+) of (?<file>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex AtLine();

    [GeneratedRegex(@"^dnsmasq(?:\[\d+\])?: ", RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();
}
