namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>
/// Makes something that runs out of a template's pieces: text, actions, and the blocks that actions open and close.
/// </summary>
internal sealed class TemplateParser(IReadOnlyList<TemplatePiece> pieces)
{
    private const int DeepestNesting = 100;

    private readonly Stack<HashSet<string>> _variables = new([["$"]]);
    private int _next;

    /// <exception cref="TemplateFault">Something is not closed, not opened, or not of the language.</exception>
    public TemplateNode Parse()
    {
        var body = Body();
        return _next == pieces.Count
            ? body
            : throw new TemplateFault(pieces[_next].Offset, $"{{{{{pieces[_next].Keyword}}}}} ends nothing: no block is open");
    }

    /// <summary>Up to an <c>{{else}}</c> or <c>{{end}}</c>, which is left to whoever opened the block.</summary>
    private TemplateNode Body()
    {
        List<TemplateNode> nodes = [];
        while (_next < pieces.Count && pieces[_next].Keyword is not ("else" or "end"))
        {
            nodes.Add(Piece(pieces[_next++]));
        }

        return (scope, output) => nodes.ForEach(node => node(scope, output));
    }

    private TemplateNode Piece(TemplatePiece piece) => piece switch
    {
        { Tokens: null } => (_, output) => output.Copy(piece.Text, piece.Offset),
        { Keyword: "if" } => Block(piece, () => If(piece, new TokenCursor(piece, skip: 1))),
        { Keyword: "with" } => Block(piece, () => With(piece)),
        { Keyword: "range" } => Block(piece, () => Range(piece)),
        { Keyword: "define" or "template" or "block" or "break" or "continue" } =>
            throw new TemplateFault(piece.Offset, $"{piece.Keyword} is not supported here: docs/matchbox.md lists what is"),
        _ => Action(piece),
    };

    private TemplateNode Action(TemplatePiece piece)
    {
        var pipeline = Pipeline(new TokenCursor(piece));
        return (scope, output) =>
        {
            var value = pipeline.Run(scope);
            if (!pipeline.Declares)
            {
                output.Insert(TemplateText.Of(value), piece.Offset);
            }
        };
    }

    private TemplateNode If(TemplatePiece opener, TokenCursor condition)
    {
        var pipeline = Pipeline(condition);
        var body = InnerBody();
        var otherwise = Otherwise(opener, mayElseIf: true);
        return (scope, output) =>
        {
            var inner = scope.Inner();
            (TemplateValue.IsTrue(pipeline.Run(inner)) ? body : otherwise)(inner.Inner(), output);
        };
    }

    private TemplateNode With(TemplatePiece opener)
    {
        var pipeline = Pipeline(new TokenCursor(opener, skip: 1));
        var body = InnerBody();
        var otherwise = Otherwise(opener);
        return (scope, output) =>
        {
            var inner = scope.Inner();
            var value = pipeline.Run(inner);
            if (TemplateValue.IsTrue(value))
            {
                body(inner.Inner(value), output);
            }
            else
            {
                otherwise(inner, output);
            }
        };
    }

    private TemplateNode Range(TemplatePiece opener)
    {
        var pipeline = Pipeline(new TokenCursor(opener, skip: 1), isRange: true);
        var body = InnerBody();
        var otherwise = Otherwise(opener);
        return (scope, output) =>
        {
            var items = TemplateValue.Items(pipeline.Value(scope), opener.Offset);
            foreach (var item in items)
            {
                var inner = scope.Inner(item.Value);
                pipeline.DeclareItem(inner, item);
                body(inner, output);
            }

            if (items.Count == 0)
            {
                otherwise(scope.Inner(), output);
            }
        };
    }

    /// <summary>The other branch, if there is one, and the end of the block.</summary>
    private TemplateNode Otherwise(TemplatePiece opener, bool mayElseIf = false)
    {
        var piece = Next(opener);
        var cursor = new TokenCursor(piece, skip: 1);
        if (piece.Keyword == "end")
        {
            cursor.End();
            return (_, _) => { };
        }

        if (mayElseIf && cursor.TryTakeWord("if"))
        {
            return Block(piece, () => If(opener, cursor));
        }

        cursor.End();
        var body = InnerBody();
        var end = Next(opener);
        return end.Keyword == "end" ? body : throw new TemplateFault(end.Offset, "this block has an {{else}} already");
    }

    private TemplatePiece Next(TemplatePiece opener) =>
        _next < pieces.Count
            ? pieces[_next++]
            : throw new TemplateFault(opener.Offset, $"this {opener.Keyword} has no {{{{end}}}}");

    private TemplatePipeline Pipeline(TokenCursor cursor, bool isRange = false)
    {
        var pipeline = new PipelineParser(cursor, _variables).Parse(isRange);
        cursor.End();
        return pipeline;
    }

    private TemplateNode InnerBody() => WithVariables(Body);

    /// <summary>What is declared in a block is not known after it.</summary>
    private T WithVariables<T>(Func<T> parse)
    {
        _variables.Push([]);
        var parsed = parse();
        _variables.Pop();
        return parsed;
    }

    private TemplateNode Block(TemplatePiece opener, Func<TemplateNode> parse) => _variables.Count > DeepestNesting
        ? throw new TemplateFault(opener.Offset, $"blocks are nested more than {DeepestNesting} deep")
        : WithVariables(parse);
}
