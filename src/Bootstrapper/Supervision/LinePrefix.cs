using System.Text.RegularExpressions;

namespace Bootstrapper.Supervision;

/// <summary>
/// What a child puts before each of its lines, and our log says anyway: dnsmasq its name and process, the registry the time and
/// the level.
/// </summary>
internal static partial class LinePrefix
{
    /// <returns>The line without; of <c>dnsmasq-dhcp[7]:</c> stays <c>dhcp:</c>.</returns>
    public static string Without(string line)
    {
        var prefix = Prefix().Match(line);
        var rest = line.AsSpan(prefix.Length);
        return prefix.Groups["part"] is { Success: true, ValueSpan: var part } ? $"{part}: {rest}" : rest.ToString();
    }

    [GeneratedRegex(
        """^(?:dnsmasq(?:-(?<part>[a-z]+))?(?:\[[0-9]+\])?: |time="[^"]*" level=[a-z]+ )""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();
}
