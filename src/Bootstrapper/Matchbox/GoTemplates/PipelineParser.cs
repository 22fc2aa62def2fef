namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Reads the expressions in an action.</summary>
/// <param name="variables">Those that are known here, the innermost block's first.</param>
internal sealed class PipelineParser(TokenCursor cursor, Stack<HashSet<string>> variables, int depth = 0)
{
    private const int DeepestNesting = 50;

    /// <exception cref="TemplateFault">It is not of the language.</exception>
    public TemplatePipeline Parse(bool isRange = false)
    {
        var (names, assigns) = Variables(isRange);
        var value = Commands();
        variables.Peek().UnionWith(names);
        return new TemplatePipeline(value, names, assigns);
    }

    /// <summary><c>$a :=</c>, <c>$a =</c> and, for a loop, <c>$a, $b :=</c>.</summary>
    private (IReadOnlyList<string> Names, bool Assigns) Variables(bool isRange)
    {
        var several = isRange && cursor.At(1) is { } comma && comma.Is(",");
        if (cursor.Current is not { Kind: TokenKind.Variable }
            || !(several || cursor.At(1) is { } sign && (sign.Is(":=") || sign.Is("="))))
        {
            return ([], false);
        }

        List<TemplateToken> names = [cursor.Take()];
        if (cursor.TryTake(","))
        {
            names.Add(cursor.Take());
        }

        var assigns = !cursor.TryTake(":=") && cursor.TryTake("=");
        return ([.. names.Select(name => assigns ? Known(name) : name.Value)], assigns);
    }

    private Expression Commands()
    {
        var value = Command(before: null);
        while (cursor.TryTake("|"))
        {
            value = Command(value);
        }

        return value;
    }

    /// <param name="before">What flows in: the last argument of a function.</param>
    private Expression Command(Expression? before)
    {
        var at = cursor.Offset;
        if (cursor.Current is { Kind: TokenKind.Word, Value: not ("true" or "false" or "nil") } word)
        {
            cursor.Take();
            return TemplateFunctions.Call(word, [.. Arguments(), .. before is null ? [] : new[] { before }]);
        }

        var value = Operand();
        return before is not null ? throw new TemplateFault(at, "only a function can stand after |")
            : Arguments().Count > 0 ? throw new TemplateFault(at, "only a function takes arguments")
            : value;
    }

    private List<Expression> Arguments()
    {
        List<Expression> arguments = [];
        while (cursor.Current is { } token && !token.Is("|") && !token.Is(")"))
        {
            arguments.Add(Operand());
        }

        return arguments;
    }

    private Expression Operand()
    {
        var token = cursor.Take();
        var value = Start(token);
        while (cursor.Current is { Kind: TokenKind.Field, Touches: true }
            && token.Kind is not (TokenKind.Text or TokenKind.Number))
        {
            value = Field(value, cursor.Take());
        }

        return value;
    }

    private Expression Start(TemplateToken token) => token switch
    {
        { Kind: TokenKind.Dot } => scope => scope.Dot,
        { Kind: TokenKind.Field } => Field(scope => scope.Dot, token),
        { Kind: TokenKind.Variable } => Variable(Known(token)),
        { Kind: TokenKind.Text } => Constant(token.Value),
        { Kind: TokenKind.Number } => Constant(TemplateLiteral.Number(token)),
        { Kind: TokenKind.Word, Value: "true" or "false" } => Constant(token.Value == "true"),
        { Kind: TokenKind.Word, Value: "nil" } => Constant(null),
        { Kind: TokenKind.Word } => TemplateFunctions.Call(token, []),
        _ when token.Is("(") => Brackets(token),
        _ => throw new TemplateFault(token.Offset, $"{token.Value} cannot stand here"),
    };

    private static Expression Constant(object? value) => _ => value;

    private static Expression Variable(string name) => scope => scope.Get(name);

    private static Expression Field(Expression of, TemplateToken name) => scope => TemplateValue.Field(of(scope), name);

    private Expression Brackets(TemplateToken open)
    {
        if (depth == DeepestNesting)
        {
            throw new TemplateFault(open.Offset, $"brackets are nested more than {DeepestNesting} deep");
        }

        var inner = new PipelineParser(cursor, variables, depth + 1).Commands();
        return cursor.TryTake(")") ? inner : throw new TemplateFault(open.Offset, "this bracket is not closed");
    }

    private string Known(TemplateToken variable) =>
        variable.Kind == TokenKind.Variable && variables.Any(block => block.Contains(variable.Value))
            ? variable.Value
            : throw new TemplateFault(variable.Offset, $"there is no variable {variable.Value} here");
}
