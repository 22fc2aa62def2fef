using System.Text.RegularExpressions;

namespace Bootstrapper.Supervision;

/// <summary>
/// How grave a child's own line is: <c>level=warning</c> or <c>"level":"warning"</c>, as the registry writes it.
/// </summary>
internal static partial class LineLevel
{
    /// <returns><see cref="LogLevel.Information"/> where the line does not say; dnsmasq's never do.</returns>
    public static LogLevel Of(string line) => Level().Match(line).Groups["level"].Value switch
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
