using System.Text.RegularExpressions;

namespace Bootstrapper.Bundles;

/// <summary>A URL that stands in a text, as far as the text says it: a script may fill in the rest.</summary>
/// <param name="Host">Name or address, in lower case.</param>
/// <param name="Port">Empty for the scheme's own.</param>
/// <param name="Path">Without the first slash, and without a query.</param>
/// <param name="IsWhole">Whether a variable of a script follows.</param>
internal sealed partial record NamedUrl(string Scheme, string Host, string Port, string Path, bool IsWhole)
{
    public override string ToString() => $"{Scheme}://{Host}{(Port.Length == 0 ? "" : ":")}{Port}/{Path}{(IsWhole ? "" : "…")}";

    /// <summary>
    /// Those in a text of any kind. Lines that are comments name nothing; quotes join in a shell, and are left out of account.
    /// </summary>
    public static IEnumerable<NamedUrl> In(string text) =>
        from line in text.Split('\n')
        where !IsComment(line)
        from Match match in Grammar()
            .Matches(line.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal))
        select Of(match);

    /// <summary>A path that a boot loader resolves against where it has its script from.</summary>
    public static NamedUrl OfPath(string path) =>
        path.IndexOf('$', StringComparison.Ordinal) is >= 0 and var variable
            ? new("http", "", "", path[..variable].TrimStart('/'), IsWhole: false)
            : new("http", "", "", path.Trim('/'), IsWhole: true);

    /// <summary>Of shell, YAML, TOML and systemd.</summary>
    public static bool IsComment(string line) => line.AsSpan().TrimStart() is ['#', ..] or [';', ..];

    private static NamedUrl Of(Match match) => new(
        match.Groups["scheme"].Value,
        match.Groups["host"].Value.ToLowerInvariant(),
        match.Groups["port"].Value,
        match.Groups["variable"].Length == 0
            ? match.Groups["path"].Value.TrimEnd('.', ':').Trim('/')
            : match.Groups["path"].Value.TrimStart('/'),
        match.Groups["variable"].Length == 0);

    /// <remarks>What begins with a variable is no URL yet, and one whose host goes on with a variable is none either.</remarks>
    [GeneratedRegex(
        @"\b(?<scheme>https?|tftp)://(?<host>(?>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?))(?::(?<port>[0-9]{1,5}))?"
            + @"(?![$`{A-Za-z0-9])(?<path>/[A-Za-z0-9._~%+:@=/-]*)?(?<variable>[$`{])?",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
