using Bootstrapper.Host;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>
/// What the values of a template can do. There are text, numbers (<see cref="double"/>), booleans, <c>null</c>, lists, maps of
/// anything, and maps of text alone, which differ in what they give for a key that they lack.
/// </summary>
internal static class TemplateValue
{
    /// <summary>Neither nothing, nor zero, nor false, nor empty.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        double number => number != 0,
        _ => Length(value) != 0,
    };

    /// <returns><c>null</c> for what has none.</returns>
    public static int? Length(object? value) => value switch
    {
        string text => System.Text.Encoding.UTF8.GetByteCount(text),
        IReadOnlyList<object?> list => list.Count,
        IReadOnlyDictionary<string, object?> map => map.Count,
        IReadOnlyDictionary<string, string> table => table.Count,
        _ => null,
    };

    /// <exception cref="TemplateFault">There is none: a typing mistake must not become an empty setting.</exception>
    /// <exception cref="RequestNeededException">It depends on a request, and there is none.</exception>
    public static object? Field(object? value, TemplateToken name) => value switch
    {
        IReadOnlyDictionary<string, object?> map => map.TryGetValue(name.Value, out var entry) ? entry : throw Missing(name),
        IReadOnlyDictionary<string, string> table => table.TryGetValue(name.Value, out var text) ? text : throw Missing(name),
        RequestToCome => throw new RequestNeededException(),
        _ => throw new TemplateFault(name.Offset, $"cannot look for {Printable.Escaped(name.Value)} in {Kind(value)}"),
    };

    /// <summary>What <c>range</c> goes through; the entries of a map in the order of their keys.</summary>
    public static IReadOnlyList<KeyValuePair<object?, object?>> Items(object? value, int offset) => value switch
    {
        null => [],
        IReadOnlyList<object?> list =>
            [.. list.Select((item, index) => KeyValuePair.Create<object?, object?>((double)index, item))],
        IReadOnlyDictionary<string, object?> map =>
            [.. map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => KeyValuePair.Create<object?, object?>(entry.Key, entry.Value))],
        IReadOnlyDictionary<string, string> table =>
            [.. table.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => KeyValuePair.Create<object?, object?>(entry.Key, entry.Value))],
        _ => throw new TemplateFault(offset, $"cannot go through {Kind(value)}"),
    };

    public static string Kind(object? value) => value switch
    {
        null => "nothing",
        string => "text",
        double => "a number",
        bool => "true or false",
        IReadOnlyList<object?> => "a list",
        _ => "a map",
    };

    private static TemplateFault Missing(TemplateToken name) =>
        new(name.Offset, $"there is no value named {Printable.Escaped(name.Value)}");
}

/// <summary>Stands for what a request says while templates are tried without one.</summary>
internal sealed class RequestToCome;

/// <summary>A template cannot be tried any further before somebody asks.</summary>
internal sealed class RequestNeededException() : Exception("the template asks what is in the request");
