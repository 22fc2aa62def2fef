using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bootstrapper.Rendering;

/// <summary>
/// Text in double quotes that means the same in JSON and in YAML, on one line whatever it holds. Every JSON string is YAML
/// (YAML 1.2.2, 1.3) but for pairs of escapes that stand for one character, which this never writes.
/// </summary>
internal static class QuotedText
{
    private static readonly SearchValues<char> Harmless =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$%&'()*+,-./:;<=>?@[]^_`{|}~");

    /// <summary>Half of a surrogate pair, which is no character, becomes U+FFFD.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAnyExcept(Harmless) ? Escaped(text) : $"\"{text}\"";

    /// <summary>
    /// Whether both languages take the character as it is, and neither for the end of a line (YAML 1.1, 4.1 and 4.2).
    /// </summary>
    public static bool IsPlain(Rune rune) => rune.Value is
        (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF and not (0x2028 or 0x2029))
            or (>= 0xE000 and <= 0xFFFD and not 0xFEFF) or >= 0x10000;

    private static string Escaped(string text)
    {
        var quoted = new StringBuilder(text.Length + 16).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            Append(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }

    private static void Append(StringBuilder quoted, Rune rune) => _ = rune.Value switch
    {
        '"' => quoted.Append("\\\""),
        '\\' => quoted.Append("\\\\"),
        '\n' => quoted.Append("\\n"),
        '\r' => quoted.Append("\\r"),
        '\t' => quoted.Append("\\t"),
        _ when IsPlain(rune) => quoted.Append(rune.ToString()),
        _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
    };
}
