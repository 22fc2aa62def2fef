using Bootstrapper.Host;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary><c>index x 1 "a"</c>: the entry "a" of the second item of x.</summary>
internal static class TemplateIndex
{
    /// <summary>A key that is not there gives nothing: that is how templates ask whether it is.</summary>
    /// <exception cref="TemplateFault">There is nothing to look in, or a list has no such item.</exception>
    public static object? Of(object?[] values, int at) => values.Length == 0
        ? throw new TemplateFault(at, "index needs something to look in")
        : values.Skip(1).Aggregate(values[0], (value, key) => Entry(value, key, at));

    private static object? Entry(object? value, object? key, int at) => (value, key) switch
    {
        (IReadOnlyDictionary<string, object?> map, string name) => map.GetValueOrDefault(name),
        (IReadOnlyDictionary<string, string> table, string name) => table.GetValueOrDefault(name, ""),
        (IReadOnlyList<object?> list, double number) when number >= 0 && number < list.Count && double.IsInteger(number) =>
            list[(int)number],
        (IReadOnlyList<object?> list, double number) =>
            throw new TemplateFault(at, $"there is no item {TemplateText.Number(number)} in a list of {list.Count}"),
        _ => throw new TemplateFault(at, $"cannot look for {Printable.Escaped(TemplateText.Of(key))} in "
            + $"{TemplateValue.Kind(value)}"),
    };
}
