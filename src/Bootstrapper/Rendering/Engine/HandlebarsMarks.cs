using System.Text.RegularExpressions;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// What begins Handlebars, in which templates once were written, and never Scriban as anybody writes it. Each is refused by name,
/// for some of it would render to nonsense: <c>{{#if X}}</c> is a comment in Scriban.
/// </summary>
internal static partial class HandlebarsMarks
{
    public static IReadOnlyList<Mistake> In(string source) =>
    [
        .. Marks().Matches(source).Where(match => match.Groups["mark"].Success).Select(match => new Mistake(
            SourceText.PositionAt(source, match.Groups["mark"].Index),
            $"{match.Groups["mark"].Value} is Handlebars, "
                + $"and templates are written in Scriban: {Advice(match.Groups["mark"].Value.TrimStart('{', '~'))}")),
    ];

    private static string Advice(string mark) => mark.Replace(" ", "", StringComparison.Ordinal) switch
    {
        "#if" => "write {{ if X }} … {{ end }}",
        "#unless" => "write {{ if !X }} … {{ end }}",
        "#each" => "write {{ for x in LIST }} … {{ x.Name }} … {{ end }}",
        "#with" => "write {{ with X }} … {{ end }}",
        ['#', ..] => "write {{ if X }} or {{ for x in LIST }}; a comment is {{ # … }}, with a space before the #",
        ['^', ..] => "write {{ else }}, or {{ if !X }}",
        ['!', ..] => "write {{ # … }} for a comment; \"not\" is {{ !X }}, with a space before the !",
        ['>', ..] => "write {{ include \"NAME\" }}",
        ['/', ..] => "write {{ end }}",
        ['&', ..] or "" => "write {{ X }}, which changes nothing in a value",
        ['.', ..] => "write the name alone: inside a for, the names outside stay what they are",
        _ => "write {%{ … }%} around what is to stay as it is",
    };

    /// <summary>
    /// Text between <c>{%{</c> and <c>}%}</c> stays as it is, and is passed over. A path that leads up may stand anywhere between
    /// brackets.
    /// </summary>
    [GeneratedRegex(
        """
        \{(?<escape>%+)\{.*?\}\k<escape>\}
        | (?<mark> \\\{\{ | \{\{\{ | \{\{~?\ *\#(if|unless|each|with)\b | \{\{~?[#^!>/&] )
        | (?<=\{\{[^}"'`#]*)(?<mark>\.\./)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Marks();
}
