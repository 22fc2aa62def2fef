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
    public static LogLevel Of(ReadOnlySpan<char> line) =>
        line.StartsWith("dnsmasq", StringComparison.Ordinal)
            ? line.StartsWith(Dhcp, StringComparison.Ordinal) ? OfDhcp(line) : LogLevel.Information
            : OfRegistry(line.ToString());

    /// <summary>
    /// Behind the program's name stands the number of the packet, in lines that are about one; behind the MAC address, which has
    /// colons, what is wrong, such as <c>no address available</c>.
    /// </summary>
    private static LogLevel OfDhcp(ReadOnlySpan<char> line)
    {
        _ = Word(ref line);
        var packet = Word(ref line);
        if (line.IsEmpty || packet.ContainsAnyExceptInRange('0', '9'))
        {
            return LogLevel.Information;
        }

        var message = Word(ref line);
        return !IsMessage(message) || (IsOnTheWay(message) && !HasRemark(line)) ? LogLevel.Debug : LogLevel.Information;
    }

    /// <summary>What nobody planned is ignored, as often as it asks.</summary>
    private static bool HasRemark(ReadOnlySpan<char> rest)
    {
        if (!Word(ref rest).Contains(':'))
        {
            Word(ref rest);
        }

        return Word(ref rest) is { IsEmpty: false } remark && !remark.SequenceEqual("ignored");
    }

    /// <summary>Takes the first word off, with the blanks around it.</summary>
    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        var end = rest.IndexOf(' ');
        var word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..].TrimStart(' ');
        return word;
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
