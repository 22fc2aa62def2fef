using Bootstrapper.Host;
using YamlDotNet.Core;

namespace Bootstrapper.Cluster.Yaml;

/// <summary>
/// The text of a YAML file. Whatever it is, parsing it ends in a mapping or in problems, never in an exception.
/// </summary>
internal static class YamlText
{
    private const char ByteOrderMark = '\uFEFF';

    /// <returns><c>null</c> when the text is not one mapping; then <paramref name="problems"/> says why.</returns>
    public static YamlMapping? Parse(string text, ICollection<Problem> problems)
    {
        text = text.TrimStart(ByteOrderMark);
        var lines = text.Split('\n');
        var parser = new Parser(new StringReader(text));
        try
        {
            return new YamlComposer(parser, lines, problems).Document();
        }
        catch (YamlException e)
        {
            problems.Add(Tab(lines, Reached(parser)) ?? NotYaml(Sentence(e.Message), PositionOf(e.Start)));
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
            .Where(line => line.Item.Trim() is not ("" or ['#', ..]))
            .Take(2)
            .FirstOrDefault(line => Indentation(line.Item).Contains('\t', StringComparison.Ordinal));
        return line is null ? null : NotYaml(
            "a tab indents this line, where only spaces may",
            new Position(number + 1, line.IndexOf('\t', StringComparison.Ordinal) + 1));
    }

    private static string Indentation(string line) => line[..^line.TrimStart().Length];

    private static Problem NotYaml(string why, Position at) => Problem.Error("", $"is not YAML: {why}") with { Position = at };

    private static string Sentence(string message) =>
        $"{char.ToLowerInvariant(message[0])}{Printable.Escaped(message[1..].TrimEnd('.'), longest: 200)}";

    private static Position Reached(Parser parser) => PositionOf(parser.Current?.End ?? Mark.Empty);

    internal static Position PositionOf(Mark mark) => new(mark.Line, mark.Column);
}
