using System.Globalization;
using System.Text;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Text and numbers as Go writes them (The Go Programming Language Specification, "String literals").</summary>
internal static class TemplateLiteral
{
    /// <param name="start">Of the opening quote or back quote.</param>
    /// <returns>The text, and how long it is with its quotes.</returns>
    /// <exception cref="TemplateFault">It is not closed, or holds an escape that we do not know.</exception>
    public static (string Value, int Length) Read(string source, int start) =>
        source[start] == '`' ? ReadRaw(source, start) : ReadQuoted(source, start);

    /// <exception cref="TemplateFault">It is neither a decimal number nor <c>0x</c> and hexadecimal digits.</exception>
    public static double Number(TemplateToken token)
    {
        var digits = token.Value.Replace("_", "", StringComparison.Ordinal);
        var isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isOctal = digits is ['0', >= '0' and <= '9', ..];
        return isHex && long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
            ? hex
            : !isHex && !isOctal && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) ? number
            : throw new TemplateFault(token.Offset, $"{token.Value} is not a number that is known here");
    }

    private static (string Value, int Length) ReadRaw(string source, int start)
    {
        var end = source.IndexOf('`', start + 1);
        return end < 0
            ? throw NotClosed(start)
            : (source[(start + 1)..end].Replace("\r", "", StringComparison.Ordinal), end + 1 - start);
    }

    private static (string Value, int Length) ReadQuoted(string source, int start)
    {
        var text = new StringBuilder();
        for (var at = start + 1; at < source.Length && source[at] != '\n';)
        {
            if (source[at] == '"')
            {
                return (text.ToString(), at + 1 - start);
            }

            at += source[at] == '\\' ? Escape(source, at, text) : Plain(source[at], text);
        }

        throw NotClosed(start);
    }

    private static int Plain(char c, StringBuilder text)
    {
        text.Append(c);
        return 1;
    }

    /// <returns>How long it is.</returns>
    private static int Escape(string source, int at, StringBuilder text)
    {
        var letter = at + 1 < source.Length ? source[at + 1] : '\0';
        var digits = letter switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits > 0 && at + 2 + digits <= source.Length
            && ushort.TryParse(
                source.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            text.Append((char)code);
            return 2 + digits;
        }

        text.Append(letter switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '\\' or '"' => letter,
            _ => throw new TemplateFault(at, "this escape is not known here: there are \\n \\t \\r \\\\ \\\" \\xHH and \\uHHHH"),
        });
        return 2;
    }

    private static TemplateFault NotClosed(int start) => new(start, "this text is not closed");
}
