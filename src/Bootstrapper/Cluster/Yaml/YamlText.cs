using System.Buffers;
using System.Globalization;
using Bootstrapper.Host;
using YamlDotNet.Core;

namespace Bootstrapper.Cluster.Yaml;

/// <summary>
/// The text of a YAML file. Whatever it is, parsing it ends in a mapping or in problems, never in an exception.
/// </summary>
internal static class YamlText
{
    private const char ByteOrderMark = '\uFEFF';

    /// <param name="keyName">What a key is called that is written so; as it is written by default.</param>
    /// <returns><c>null</c> when the text is not one mapping; then <paramref name="problems"/> says why.</returns>
    public static YamlMapping? Parse(string text, ICollection<Problem> problems, Func<string, string>? keyName = null)
    {
        text = text.TrimStart(ByteOrderMark);
        return Read(text, problems, parser =>
            new YamlComposer(parser, text.Split('\n'), keyName ?? (name => name), problems).Document());
    }

    /// <returns>What <paramref name="read"/> makes of it; <c>null</c> where the text breaks YAML's grammar.</returns>
    public static T? Read<T>(string text, ICollection<Problem> problems, Func<Parser, T?> read)
        where T : class
    {
        var lines = text.Split('\n');
        if (Unseen(lines.Index(), Forbidden, "YAML does not allow") is { } forbidden)
        {
            problems.Add(forbidden);
            return null;
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            return read(parser);
        }
        catch (YamlException e)
        {
            problems.Add(Tab(lines, Reached(parser))
                ?? Unseen(lines.Index().Take((int)e.Start.Line).Reverse(), OtherBreaks, "ends a line in YAML")
                ?? Unseen(
                    lines.Index().Take((int)e.Start.Line).TakeLast(2).Reverse().Where(line => !IsComment(line.Item)),
                    OtherBlanks.Value,
                    "looks like a space, or like nothing, and is none to YAML: type a space, or remove it")
                ?? NotYaml(Sentence(e.Message), PositionOf(e.Start)));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException
            or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // YamlDotNet 18.1 lets these escape, the first for a flow list that is never closed.
            problems.Add(NotYaml("perhaps a bracket or quote is not closed", Reached(parser)));
        }

        return null;
    }

    /// <summary>
    /// A tab gets a sentence of its own: it cannot be seen, and the parser calls it many things, not always at its place.
    /// </summary>
    private static Problem? Tab(string[] lines, Position reached)
    {
        var (number, line) = lines.Index()
            .Skip((int)reached.Line - 1)
            .Where(line => line.Item.Trim().Length > 0 && !IsComment(line.Item))
            .Take(2)
            .FirstOrDefault(line => Indentation(line.Item).Contains('\t', StringComparison.Ordinal));
        return line is null ? null : NotYaml(
            "a tab indents this line, where only spaces may",
            new Position(number + 1, line.IndexOf('\t', StringComparison.Ordinal) + 1));
    }

    /// <summary>
    /// So do characters that a screen does not show. YAML allows none of the first kind (1.2.2, 5.1), and YamlDotNet takes one of
    /// them, NUL, for the end of the text.
    /// </summary>
    private static Problem? Unseen(IEnumerable<(int Index, string Line)> lines, SearchValues<char> characters, string why) =>
        (from line in lines
         let at = line.Line.AsSpan().IndexOfAny(characters)
         where at >= 0
         select NotYaml(
             string.Create(CultureInfo.InvariantCulture, $"it has the character U+{(int)line.Line[at]:X4} here, which {why}"),
             new Position(line.Index + 1, at + 1))).FirstOrDefault();

    private static readonly SearchValues<char>
        Forbidden = SearchValues.Create(
            [.. Enumerable.Range(0, 0xa0).Select(code => (char)code).Where(char.IsControl).Except("\t\n\r\u0085")]),
        OtherBreaks = SearchValues.Create("\u0085\u2028\u2029");

    /// <summary>Looked for among all characters, and needed for a file that is no YAML alone: not at each start.</summary>
    private static readonly Lazy<SearchValues<char>> OtherBlanks = new(() => SearchValues.Create(
        [.. Enumerable.Range(0x80, char.MaxValue - 0x80).Select(code => (char)code)
            .Where(one => char.GetUnicodeCategory(one) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Format)]));

    private static bool IsComment(string line) => line.Trim() is ['#', ..];

    private static string Indentation(string line) => line[..^line.TrimStart().Length];

    private static Problem NotYaml(string why, Position at) => Problem.Error("", $"is not YAML: {why}") with { Position = at };

    private static string Sentence(string message) =>
        $"{char.ToLowerInvariant(message[0])}{Printable.Escaped(message[1..].TrimEnd('.'), longest: 200)}";

    private static Position Reached(Parser parser) => PositionOf(parser.Current?.End ?? Mark.Empty);

    internal static Position PositionOf(Mark mark) => new(mark.Line, mark.Column);
}
