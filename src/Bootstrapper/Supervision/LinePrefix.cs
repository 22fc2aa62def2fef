using System.Text.RegularExpressions;

namespace Bootstrapper.Supervision;

/// <summary>
/// What a child puts before each of its lines, and our log says anyway: dnsmasq its name and process, the registry the time and
/// the level.
/// </summary>
internal static partial class LinePrefix
{
    /// <returns>The line without; of <c>dnsmasq-dhcp[7]:</c> stays <c>dhcp:</c>.</returns>
    public static string Without(string line) =>
        Prefix().Replace(line, prefix => prefix.Groups["part"] is { Success: true, Value: var part } ? $"{part}: " : "");

    [GeneratedRegex(
        """^(?:dnsmasq(?:-(?<part>[a-z]+))?(?:\[[0-9]+\])?: |time="[^"]*" level=[a-z]+ )""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();
}
