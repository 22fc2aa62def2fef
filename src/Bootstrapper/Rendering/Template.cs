using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using HandlebarsDotNet;

namespace Bootstrapper.Rendering;

/// <summary>A compiled template and its source, which tells the line and column that the template engine does not.</summary>
internal sealed partial class Template(string source, HandlebarsTemplate<object, object> compiled)
{
    public string Render(object model) => compiled(model);

    /// <summary>The first place where the template asks for <paramref name="name"/>.</summary>
    public Position? Find(string name)
    {
        var use = Expression().Matches(source).FirstOrDefault(match => Regex.IsMatch(match.Value, $@"(?<![\w.]){Regex.Escape(name)}(?!\w)", RegexOptions.None, Patience));
        return use is null ? null : PositionAt(source, use.Index);
    }

    /// <summary>The line that is the same as the rendered one, or the longest that begins like it and goes on with an expression.</summary>
    public Position? Origin(string renderedLine)
    {
        var line = source.Split('\n').Index()
            .Select(line => (line.Index, Literal: line.Item.Split("{{", 2)[0], Whole: !line.Item.Contains("{{", StringComparison.Ordinal)))
            .Where(line => line.Whole ? renderedLine == line.Literal : line.Literal.Trim().Length > 0 && renderedLine.StartsWith(line.Literal, StringComparison.Ordinal))
            .OrderByDescending(line => line.Whole).ThenByDescending(line => line.Literal.Length)
            .FirstOrDefault((Index: -1, Literal: "", Whole: false));
        return line.Index < 0 ? null : new Position(line.Index + 1, line.Literal.Length - line.Literal.TrimStart().Length + 1);
    }

    /// <summary>Reads the place out of the engine's message: a line and column, or the name of the block that is at fault.</summary>
    public static Position? PositionIn(string source, string message)
    {
        if (Place().Match(message) is { Success: true } place)
        {
            return new Position(Number(place, "line") + 1, Number(place, "column") + 1);
        }

        var block = Quoted().Match(message).Groups["name"].Value;
        var at = block.Length == 0 ? [] : BlockMarks.Select(kind => source.LastIndexOf($"{{{{{kind}{block}", StringComparison.Ordinal)).Where(at => at >= 0);
        return at.Any() ? PositionAt(source, at.Max()) : null;
    }

    /// <summary>Before a block's name where it is used, opened or closed.</summary>
    private static readonly string[] BlockMarks = ["", "#", "/"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static Position PositionAt(string source, int index)
    {
        var before = source[..index];
        return new Position(before.Count(c => c == '\n') + 1, index - before.LastIndexOf('\n'));
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"Occured at: (?<line>\d+):(?<column>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"'(?<name>[#/]?\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
