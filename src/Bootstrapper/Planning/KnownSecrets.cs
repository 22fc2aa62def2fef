using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Planning;

/// <summary>
/// What is masked wherever it stands: the values of the operator's variables, for nobody but them knows which are secret; and the
/// forms in which templates may write them. Left out are those alone that cannot be one.
/// </summary>
internal sealed partial class KnownSecrets
{
    public static readonly KnownSecrets None = new([]);

    /// <summary>In characters: shorter ones are part of many words, and are masked where they are a word.</summary>
    private const int LongEnough = 4;

    private readonly IReadOnlyList<string> _texts;

    public KnownSecrets(IEnumerable<string> values) => _texts =
    [
        .. values.SelectMany(Forms).Distinct(StringComparer.Ordinal)
            .OrderByDescending(text => text.Length), // one may begin another
    ];

    /// <param name="nodes"><c>null</c> for one that is not there.</param>
    public static KnownSecrets Of(IEnumerable<Node?> nodes) => new(
        nodes.OfType<Node>().SelectMany(node => node.Variables).Where(variable => !IsHarmless(variable.Key, variable.Value))
            .Select(variable => variable.Value));

    public string Without(string line)
    {
        foreach (var text in _texts)
        {
            line = text.Length >= LongEnough || !line.Contains(text, StringComparison.Ordinal)
                ? line.Replace(text, Masks.Mask, StringComparison.Ordinal)
                : Regex.Replace(line, $"(?<![A-Za-z0-9]){Regex.Escape(text)}(?![A-Za-z0-9])", Masks.Mask);
        }

        return line;
    }

    private static bool IsHarmless(string name, string value) => value.Length == 0 || (!Masks.IsSecretName(name)
        && (Plain().IsMatch(value) || IPNetwork.TryParse(value, out _) || MacAddress.TryParse(value, null, out _)
            || (value.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(value, out _)))); // a number alone would be one

    /// <summary>As it is; in base64, also with a line's end; in a URL; and in quotes of JSON, of YAML and of a shell.</summary>
    private static IEnumerable<string> Forms(string value) =>
    [
        value, Encoded(value), Encoded(value + "\n"), Uri.EscapeDataString(value),
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
        value.Replace("'", "''", StringComparison.Ordinal), value.Replace("'", "'\\''", StringComparison.Ordinal),
    ];

    private static string Encoded(string value) => Convert.ToBase64String(Encoding.UTF8.GetBytes(value));

    [GeneratedRegex("^(?:true|false|yes|no|y|n|on|off|null|none|[0-9]{1,5})$", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();
}
