using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Planning;

/// <summary>A line as it is compared, and as it is shown: without what is secret in it.</summary>
/// <param name="Text">Without its end.</param>
internal readonly partial record struct ShownLine(string Text, string Shown)
{
    private const string Mask = "<secret>";

    /// <param name="secrets">What must not be shown wherever it stands.</param>
    public static IReadOnlyList<ShownLine> Of(string text, IReadOnlyList<string> secrets)
    {
        var (lines, isKey) = (new List<ShownLine>(), false);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            isKey = isKey && !line.Contains("-----END ", StringComparison.Ordinal);
            lines.Add(new ShownLine(line, isKey ? Blank().Match(line).Value + Mask : Without(secrets, line)));
            isKey = isKey || KeyBegins().IsMatch(line);
        }

        return text.Length == 0 ? [] : lines;
    }

    /// <summary>Of the operator's variables those whose names say that they are secret.</summary>
    public static IEnumerable<string> SecretsOf(Node? node) => node is null ? [] :
        node.Variables.Where(variable => SecretName().IsMatch(variable.Key) && variable.Value.Length > 0)
            .Select(variable => variable.Value);

    private static string Without(IReadOnlyList<string> secrets, string line)
    {
        foreach (var secret in secrets)
        {
            line = line.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return Packed().Replace(Named().Replace(line, Masked), $"base64,{Mask}");
    }

    /// <summary>A path leads to a secret, and a flag is none.</summary>
    private static string Masked(Match named) =>
        named.Groups["value"].Value is var value && (value[0] is '/' or '<' || value is "true" or "false" or "null")
            ? named.Value
            : named.Groups["name"].Value + Mask;

    [GeneratedRegex("PRIVATE KEY(?: BLOCK)?-----")]
    private static partial Regex KeyBegins();

    [GeneratedRegex("^ *")]
    private static partial Regex Blank();

    [GeneratedRegex("(?:passw(?:or)?d|password_?hash|token|secret|psk|private_?key)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    /// <summary>After a colon all that follows on the line, after an equals sign one word.</summary>
    [GeneratedRegex(
        """(?<name>(?:passw(?:or)?d|password_?hash|token|secret|psk)["']?(?:: *|=))(?<value>(?<==)\S+|(?<=: *)\S.*)""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex("base64,[A-Za-z0-9+/=]{16,}")]
    private static partial Regex Packed();
}
