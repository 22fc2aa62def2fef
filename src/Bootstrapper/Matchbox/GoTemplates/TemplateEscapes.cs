using System.Globalization;
using System.Text;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Text made harmless inside other languages, as Go's functions of the same names do it.</summary>
internal static class TemplateEscapes
{
    private static readonly Dictionary<char, string> HtmlCharacters = new()
    {
        ['"'] = "&#34;",
        ['\''] = "&#39;",
        ['&'] = "&amp;",
        ['<'] = "&lt;",
        ['>'] = "&gt;",
        ['\0'] = "\uFFFD",
    };

    public static string Html(string text) =>
        string.Concat(text.Select(c => HtmlCharacters.TryGetValue(c, out var escape) ? escape : c.ToString()));

    /// <summary>For the inside of a string between quotes of either kind.</summary>
    public static string JavaScript(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' or '\'' or '"' => $"\\{c}",
        '<' or '>' or '&' or '=' or < ' ' or '\u007F' or '\u2028' or '\u2029' =>
            string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
        _ => c.ToString(),
    }));

    /// <summary>For a value in the query of a URL: a space becomes <c>+</c>.</summary>
    public static string UrlQuery(string text)
    {
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet switch
            {
                (byte)' ' => escaped.Append('+'),
                (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' => escaped.Append((char)octet),
                _ when char.IsAsciiLetterOrDigit((char)octet) => escaped.Append((char)octet),
                _ => escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}"),
            };
        }

        return escaped.ToString();
    }
}
