using System.Text.RegularExpressions;

namespace Bootstrapper.Supervision;

/// <summary>
/// How grave a child's own line is: <c>level=warning</c> or <c>"level":"warning"</c>, as the registry writes it. dnsmasq's never
/// say; of the dozen that it writes for one DHCP exchange, the one that ends it is information and the others are for debugging.
/// </summary>
internal static partial class LineLevel
{
    private const string Dhcp = "dnsmasq-dhcp";

    /// <summary>Asks and offers, which an answer follows unless something is wrong.</summary>
    private static readonly string[] OnTheWay = ["DHCPDISCOVER(", "DHCPOFFER(", "DHCPREQUEST("];

    /// <returns><see cref="LogLevel.Information"/> where the line does not say.</returns>
    public static LogLevel Of(string line) =>
        line.StartsWith("dnsmasq", StringComparison.Ordinal)
            ? line.StartsWith(Dhcp, StringComparison.Ordinal) ? OfDhcp(line) : LogLevel.Information
            : OfRegistry(line);

    /// <summary>Behind the program's name stands the number of the packet, in lines that are about one.</summary>
    private static LogLevel OfDhcp(string line)
    {
        var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[1].Any(digit => !char.IsAsciiDigit(digit)))
        {
            return LogLevel.Information;
        }

        var isMessage = words[2].StartsWith("DHCP", StringComparison.Ordinal)
            || words[2].StartsWith("PXE(", StringComparison.Ordinal);
        return isMessage && (!OnTheWay.Any(start => words[2].StartsWith(start, StringComparison.Ordinal)) || HasRemark(words))
            ? LogLevel.Information
            : LogLevel.Debug;
    }

    /// <summary>Behind the MAC address, which has colons, stands what is wrong, such as <c>no address available</c>.</summary>
    private static bool HasRemark(string[] words) => words.Length > (words[3].Contains(':', StringComparison.Ordinal) ? 4 : 5);

    private static LogLevel OfRegistry(string line) => Level().Match(line).Groups["level"].Value switch
    {
        "debug" or "trace" => LogLevel.Debug,
        "warn" or "warning" => LogLevel.Warning,
        "error" when Unknown().IsMatch(line) => LogLevel.Debug,
        "error" => LogLevel.Error,
        "fatal" or "panic" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    /// <summary>
    /// Who copies images to the registry asks it for each part first: that it has none is an answer, and no error.
    /// </summary>
    [GeneratedRegex("""\berr\.code="(?:manifest|blob|name) unknown\b""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex(
        """(?:^|\s|[{,])(?:level=|"level":\s*")(?<level>[a-z]+)\b""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Level();
}
