using System.Text.RegularExpressions;

namespace Bootstrapper.Supervision;

/// <summary>
/// How grave a child's own line is: <c>level=warning</c> or <c>"level":"warning"</c>, as the registry writes it. dnsmasq's never
/// say; of the dozen that it writes for one DHCP exchange, the one that ends it is information and the others are for debugging.
/// </summary>
internal static partial class LineLevel
{
    private const string Dhcp = "dnsmasq-dhcp";

    /// <returns><see cref="LogLevel.Information"/> where the line does not say.</returns>
    public static LogLevel Of(string line) =>
        line.StartsWith("dnsmasq", StringComparison.Ordinal)
            ? line.StartsWith(Dhcp, StringComparison.Ordinal) ? OfDhcp(line) : LogLevel.Information
            : OfRegistry(line);

    /// <summary>
    /// Behind the program's name stands the number of the packet, in lines that are about one; behind the MAC address, which has
    /// colons, what is wrong, such as <c>no address available</c>.
    /// </summary>
    private static LogLevel OfDhcp(ReadOnlySpan<char> line)
    {
        Span<Range> words = stackalloc Range[6];
        var count = line.Split(words, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 3 || line[words[1]].ContainsAnyExceptInRange('0', '9'))
        {
            return LogLevel.Information;
        }

        var message = line[words[2]];
        var last = line[words[3]].Contains(':') ? 4 : 5;
        // What nobody planned is ignored, as often as it asks.
        var hasRemark = count > last && !line[words[last]].SequenceEqual("ignored");
        return IsMessage(message) && (!IsOnTheWay(message) || hasRemark) ? LogLevel.Information : LogLevel.Debug;
    }

    private static bool IsMessage(ReadOnlySpan<char> word) =>
        word.StartsWith("DHCP", StringComparison.Ordinal) || word.StartsWith("PXE(", StringComparison.Ordinal);

    /// <summary>Asks and offers, which an answer follows unless something is wrong.</summary>
    private static bool IsOnTheWay(ReadOnlySpan<char> message) =>
        message.StartsWith("DHCPDISCOVER(", StringComparison.Ordinal)
        || message.StartsWith("DHCPOFFER(", StringComparison.Ordinal)
        || message.StartsWith("DHCPREQUEST(", StringComparison.Ordinal);

    private static LogLevel OfRegistry(string line) => Level().Match(line).Groups["level"].Value switch
    {
        "info" or "warning" when Routine().IsMatch(line) => LogLevel.Debug,
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
    [GeneratedRegex("""\berr\.code="(?:manifest|blob|name) unknown\b""")]
    private static partial Regex Unknown();

    /// <summary>Every client asks without a token first, to be told where tokens are.</summary>
    [GeneratedRegex(
        """\bmsg="(?:error authorizing context: authorization token required|authorized request)""")]
    private static partial Regex Routine();

    [GeneratedRegex("""(?:^|\s|[{,])(?:level=|"level":\s*")(?<level>[a-z]+)\b""", RegexOptions.ExplicitCapture)]
    private static partial Regex Level();
}
