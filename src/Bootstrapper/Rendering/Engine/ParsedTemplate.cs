using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// A template that was read once, to be run on any thread; or what is wrong in it, which concerns only those who run it.
/// </summary>
internal sealed class ParsedTemplate
{
    private readonly Template? _template;
    private readonly IReadOnlyList<Mistake> _mistakes;

    public ParsedTemplate(TemplateFile file)
    {
        File = file;
        _mistakes = file.Fault is { } fault ? [new Mistake(file.FaultAt, fault)] : HandlebarsMarks.In(file.Text);
        if (_mistakes.Count == 0)
        {
            _template = Template.Parse(file.Text, file.Name);
            _mistakes = MistakesOf(_template, file.Text);
        }
    }

    public TemplateFile File { get; }

    /// <exception cref="RenderingException">It is not in the language.</exception>
    public Template Ready => _mistakes.Count == 0 ? _template! : throw new RenderingException(File.Name, _mistakes);

    /// <summary>Whether it may give nodes that are described alike more than another name; see <see cref="Identity"/>.</summary>
    public bool DecidesByIdentity => _mistakes.Count == 0 && Identity.Decides(_template!.Page!);

    private static IReadOnlyList<Mistake> MistakesOf(Template template, string source) => template.HasErrors
        ? [.. MistakesOf([.. template.Messages.Where(message => message.Type == ParserMessageType.Error)], template)]
        : [.. Unclosed(source), .. Futile(template.Page!)];

    /// <summary>Where an end is missing the engine names the end of the file; whoever fixes it looks for the beginning.</summary>
    private static IEnumerable<Mistake> MistakesOf(IReadOnlyList<LogMessage> messages, Template template)
    {
        var (endless, others) = (messages.Count(IsEndless), messages.Where(message => !IsEndless(message)));
        return others.Select(message => new Mistake(SourceText.Of(message.Span.Start), message.Message))
            .Concat(Open(template.Page!.Body!).TakeLast(endless)
                .Select(node => new Mistake(SourceText.Of(node.Span.Start), "has no {{ end }}")));
    }

    private static bool IsEndless(LogMessage message) =>
        message.Message.Contains("<end> statement was not found", StringComparison.Ordinal);

    /// <summary>What goes on to the end of the file, the outer before the inner.</summary>
    private static IEnumerable<ScriptNode> Open(ScriptBlockStatement body) => Descendants(body).Where(node =>
        node is ScriptStatement
            and not (ScriptBlockStatement or ScriptRawStatement or ScriptEscapeStatement or ScriptExpressionStatement)
        && node.Span.End.Offset >= body.Span.End.Offset);

    private static IEnumerable<ScriptNode> Descendants(ScriptNode node) =>
        Enumerable.Range(0, node.ChildrenCount).Select(node.GetChildren).OfType<ScriptNode>()
            .SelectMany(child => Descendants(child).Prepend(child));

    /// <summary>The engine takes the end of the file for the end of what stands in brackets.</summary>
    private static Mistake[] Unclosed(string source)
    {
        var last = new Lexer(source).LastOrDefault(token => token.Type is TokenType.CodeEnter or TokenType.CodeExit);
        return last.Type == TokenType.CodeEnter ? [new Mistake(SourceText.Of(last.Start), "{{ has no }}")] : [];
    }

    /// <summary>A model gives no empty list, and of nothing the engine takes neither part.</summary>
    private static IEnumerable<Mistake> Futile(ScriptNode page) => Descendants(page).OfType<ScriptForStatement>()
        .Where(loop => loop.Else is not null)
        .Select(loop => new Mistake(
            SourceText.Of(loop.Else!.Span.Start),
            "a for has no else: write {{ if LIST }} {{ for x in LIST }} … {{ end }} {{ else }} … {{ end }}"));
}
