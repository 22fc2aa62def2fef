using Bootstrapper.Host;
using Bootstrapper.Matchbox.GoTemplates;

namespace Bootstrapper.Matchbox;

/// <summary>Variables as lines for a shell: <c>ETCD_NAME=node1</c>. Nested names are joined; lists have no place in it.</summary>
internal static class MetadataText
{
    /// <summary>In the order of their names. What came with the request stays on its line.</summary>
    public static string Of(IReadOnlyDictionary<string, object?> variables) => string.Concat(Lines("", variables));

    private static IEnumerable<string> Lines(string prefix, object? value) =>
        TemplateValue.Items(value, offset: 0).SelectMany<KeyValuePair<object?, object?>, string>(item => item.Value switch
        {
            string or bool or double => [Line($"{prefix}{item.Key}".ToUpperInvariant(), TemplateText.Of(item.Value))],
            IReadOnlyDictionary<string, object?> or IReadOnlyDictionary<string, string> =>
                Lines($"{prefix}{item.Key}_", item.Value),
            _ => [],
        });

    private static string Line(string name, string value) => name.StartsWith("REQUEST_", StringComparison.Ordinal)
        ? $"{OnOneLine(name)}={OnOneLine(value)}\n"
        : $"{name}={value}\n";

    private static string OnOneLine(string text) => Printable.OnOneLine(text, longest: int.MaxValue);
}
