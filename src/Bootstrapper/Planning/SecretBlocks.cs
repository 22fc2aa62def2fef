using System.Text.RegularExpressions;

namespace Bootstrapper.Planning;

/// <summary>
/// Lines that are secret by what stands on other lines: in a private key, under a name of a secret, or beside one. YAML and JSON
/// are told by how far lines are indented, for no text is whole in a template that is wrong.
/// </summary>
internal static partial class SecretBlocks
{
    public static Hidden[] In(string[] lines)
    {
        var hidden = new Hidden[lines.Length];
        var dataIsSecret = lines.Any(line => KindSecret().IsMatch(line));
        HideKeys(lines, hidden);
        for (var at = 0; at < lines.Length; at++)
        {
            if (Name().Match(lines[at]) is { Success: true } named)
            {
                HideNamed(lines, hidden, at, named, dataIsSecret);
            }

            HideContinued(lines, hidden, at);
        }

        return hidden;
    }

    public static string WithoutText(string line) =>
        line.Length == Indent(line) ? line : line[..Indent(line)] + Masks.Mask;

    public static string WithoutValue(string line) => Name().Match(line) is { Success: true } named
        && named.Groups["value"].Index is var start && !Opening().IsMatch(line[start..])
            ? line[..start] + Masks.Mask
            : Masks.Of(line);

    private static void HideKeys(string[] lines, Hidden[] hidden)
    {
        var isKey = false;
        for (var at = 0; at < lines.Length; at++)
        {
            isKey = isKey && !lines[at].Contains("-----END ", StringComparison.Ordinal);
            hidden[at] = isKey ? Hidden.Whole : Hidden.Nothing;
            isKey = isKey || KeyBegins().IsMatch(lines[at]);
        }
    }

    private static void HideNamed(string[] lines, Hidden[] hidden, int at, Match named, bool dataIsSecret)
    {
        var (name, value) = (named.Groups["name"].Value, named.Groups["value"].Value);
        if (Masks.IsSecretName(name) || Binary().IsMatch(value))
        {
            HideBelow(lines, hidden, at);
        }
        else if (dataIsSecret && name is "data" or "stringData")
        {
            hidden[at] = Hidden.Value;
            HideBelow(lines, hidden, at);
        }

        if (name == "encoding" || (NamesOther().IsMatch(name) && Masks.HasSecretWord(value)))
        {
            HideBeside(lines, hidden, at);
        }
    }

    /// <summary>What ends on a later line: a here document, a text in quotes, what an option is given.</summary>
    private static void HideContinued(string[] lines, Hidden[] hidden, int at)
    {
        if (!Masks.HasSecretWord(lines[at]))
        {
            return;
        }

        if (HereDocument().Match(lines[at]) is { Success: true } here)
        {
            HideUpTo(lines, hidden, at, line => line.Trim() == here.Groups["end"].Value);
        }
        else if (OpenQuote().Match(lines[at]) is { Success: true } open)
        {
            var quote = open.Groups["quote"].Value;
            var isInside = true;
            HideUpTo(lines, hidden, at, line =>
            {
                var isBehind = !isInside;
                isInside = isInside && !line.Contains(quote, StringComparison.Ordinal);
                return isBehind;
            });
        }
        else if (Unfinished().IsMatch(lines[at]))
        {
            HideUpTo(lines, hidden, at, line => !ReferenceEquals(line, lines[at + 1]));
        }
    }

    /// <summary>All that belongs to the name in a line: what is further in, and items of a list.</summary>
    private static void HideBelow(string[] lines, Hidden[] hidden, int at)
    {
        var column = Column(lines[at]);
        HideUpTo(lines, hidden, at, line => line.Trim().Length > 0 && Indent(line) <= column
            && !(Indent(line) == column && Item().IsMatch(line)));
    }

    private static void HideUpTo(string[] lines, Hidden[] hidden, int at, Func<string, bool> isEnd)
    {
        for (var below = at + 1; below < lines.Length && !isEnd(lines[below]); below++)
        {
            hidden[below] = Masks.IsPublicKey(lines[below]) ? hidden[below] : Hidden.Whole;
        }
    }

    /// <summary>Contents and values in the mapping that the line is of.</summary>
    private static void HideBeside(string[] lines, Hidden[] hidden, int at)
    {
        var column = Column(lines[at]);
        for (var above = at; above > 0 && !IsItem(above) && !IsOutside(lines[above - 1]); above--)
        {
            Hide(above - 1);
        }

        for (var below = at + 1; below < lines.Length
            && (lines[below].Trim().Length == 0 || Indent(lines[below]) >= column); below++)
        {
            Hide(below);
        }

        bool IsItem(int line) => Column(lines[line]) == column && Indent(lines[line]) < column;

        bool IsOutside(string line) => line.Trim().Length > 0 && Column(line) < column;

        void Hide(int line)
        {
            if (Column(lines[line]) == column && Holds().IsMatch(Named(lines[line]) ?? ""))
            {
                hidden[line] = Hidden.Value;
                HideBelow(lines, hidden, line);
            }
        }
    }

    private static string? Named(string line) =>
        Name().Match(line) is { Success: true } named ? named.Groups["name"].Value : null;

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    /// <summary>Where the first name begins: that of an item behind its dash.</summary>
    private static int Column(string line) => Item().Match(line) is { Success: true } item ? item.Length : Indent(line);

    [GeneratedRegex("PRIVATE KEY(?: BLOCK)?-----(?!.*-----END )")]
    private static partial Regex KeyBegins();

    [GeneratedRegex("""^\s*(?:- +)*["']?(?<name>[\w.\-]+)["']?\s*[:=]\s*(?<value>.*)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\s*(?:- +)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Item();

    /// <summary>Of a value that stands on the lines that follow.</summary>
    [GeneratedRegex(@"^(?:[|>][-+0-9]*|[\[{]*)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Opening();

    [GeneratedRegex("""^\s*(?:- +)?["']?kind["']?\s*:\s*["']?Secret\b""", RegexOptions.ExplicitCapture)]
    private static partial Regex KindSecret();

    [GeneratedRegex("^!!binary")]
    private static partial Regex Binary();

    [GeneratedRegex("^(?:name|key|path|filename|file)$", RegexOptions.ExplicitCapture)]
    private static partial Regex NamesOther();

    [GeneratedRegex("^(?:content|contents|value|data|inline|source|text)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Holds();

    [GeneratedRegex("""(?<!<)<<(?!<)[-~]?\s*["'\\]?(?<end>\w+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex HereDocument();

    [GeneratedRegex("""[:=]\s*(?:(?<quote>")(?:\\.|[^"\\])*|(?<quote>')[^']*)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex OpenQuote();

    /// <summary>What an option is given stands on the next line, as in a list of arguments.</summary>
    [GeneratedRegex("""(?:(?<![^\s"'])--?[\w-]+["']?[,=]?\s*\\?|[=:]\s*\\)\s*$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Unfinished();
}
