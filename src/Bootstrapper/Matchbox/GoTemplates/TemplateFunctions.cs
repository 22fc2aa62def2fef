namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>The functions that every Go template has (pkg.go.dev/text/template, "Functions"), but for call and slice.</summary>
internal static class TemplateFunctions
{
    private static readonly Dictionary<string, Func<object?[], int, object?>> ByName = new(StringComparer.Ordinal)
    {
        ["not"] = (values, at) => !TemplateValue.IsTrue(Only(values, at)),
        ["len"] = (values, at) => (double)(TemplateValue.Length(Only(values, at))
            ?? throw new TemplateFault(at, $"{TemplateValue.Kind(values[0])} has no length")),
        ["index"] = TemplateIndex.Of,
        ["print"] = (values, _) => TemplateFormat.Print(values),
        ["println"] = (values, _) => string.Join(' ', values.Select(TemplateText.Of)) + "\n",
        ["printf"] = TemplateFormat.Format,
        ["html"] = (values, _) => TemplateEscapes.Html(TemplateFormat.Print(values)),
        ["js"] = (values, _) => TemplateEscapes.JavaScript(TemplateFormat.Print(values)),
        ["urlquery"] = (values, _) => TemplateEscapes.UrlQuery(TemplateFormat.Print(values)),
        ["eq"] = (values, at) => values.Length > 1 && values.Skip(1).Any(value => TemplateOrder.AreEqual(values[0], value, at)),
        ["ne"] = (values, at) => !TemplateOrder.AreEqual(Two(values, at)[0], values[1], at),
        ["lt"] = (values, at) => TemplateOrder.Compare(Two(values, at), at) < 0,
        ["le"] = (values, at) => TemplateOrder.Compare(Two(values, at), at) <= 0,
        ["gt"] = (values, at) => TemplateOrder.Compare(Two(values, at), at) > 0,
        ["ge"] = (values, at) => TemplateOrder.Compare(Two(values, at), at) >= 0,
    };

    /// <exception cref="TemplateFault">There is no such function.</exception>
    public static Expression Call(TemplateToken name, IReadOnlyList<Expression> arguments) => name.Value switch
    {
        "and" or "or" when arguments.Count == 0 => throw new TemplateFault(name.Offset, $"{name.Value} needs an argument"),
        "and" => scope => Decide(arguments, scope, TemplateValue.IsTrue),
        "or" => scope => Decide(arguments, scope, value => !TemplateValue.IsTrue(value)),
        _ when ByName.TryGetValue(name.Value, out var function) =>
            scope => function([.. arguments.Select(argument => Known(argument(scope)))], name.Offset),
        _ => throw new TemplateFault(name.Offset, $"there is no function {name.Value} here: docs/matchbox.md lists those that "
            + "are"),
    };

    /// <summary>The first argument that decides, or the last; what stands behind is not looked at.</summary>
    private static object? Decide(IReadOnlyList<Expression> arguments, Scope scope, Predicate<object?> goesOn)
    {
        object? value = null;
        foreach (var argument in arguments)
        {
            value = Known(argument(scope));
            if (!goesOn(value))
            {
                break;
            }
        }

        return value;
    }

    private static object? Known(object? value) => value is RequestToCome ? throw new RequestNeededException() : value;

    private static object? Only(object?[] values, int at) =>
        values is [var value] ? value : throw new TemplateFault(at, "this function takes one argument");

    private static object?[] Two(object?[] values, int at) =>
        values.Length == 2 ? values : throw new TemplateFault(at, "this function takes two arguments");
}
