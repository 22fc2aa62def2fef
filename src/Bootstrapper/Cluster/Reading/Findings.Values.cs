using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Reading;

/// <summary>Single values: every problem is noted instead of stopping at the first.</summary>
internal sealed partial class Findings
{
    public void Judge(YamlValue value)
    {
        if (value.Objection is { } objection)
        {
            Problems.Add(value.Error(objection));
        }
    }

    public Stated<T>? Value<T>(YamlValue value, Syntax<T> syntax)
    {
        if (value is YamlScalar scalar)
        {
            return Value(scalar.Saying(scalar.Text), syntax);
        }

        Problems.Add(value.Error($"must be {syntax.Noun}, not {Kind(value)}"));
        return null;
    }

    public Stated<T>? Value<T>(Stated<string> text, Syntax<T> syntax)
    {
        var objection = syntax.Objection(text.Value);
        if (objection is null && syntax.TryRead(text.Value, out var value))
        {
            return text.Saying(value);
        }

        Problems.Add(text.Error(
            KeyBlock.IsPrivate(text.Value) ? "is a private key, which belongs nowhere here: of an SSH key give the .pub file"
            : syntax.IsSecret ? objection ?? $"is not {syntax.Noun}"
            : $"'{Printable.Escaped(text.Value)}' {objection ?? $"is not {syntax.Noun}{Spelled(text.Value)}"}"));
        return null;
    }

    /// <summary>Where there is no list, nothing.</summary>
    public IReadOnlyList<YamlValue> Items(YamlValue value)
    {
        if (value is not YamlList list)
        {
            Problems.Add(value.Error($"must be a list, not {Kind(value)}"));
            return [];
        }

        foreach (var item in list.Items)
        {
            Judge(item);
        }

        return list.Items;
    }

    public YamlMapping? Mapping(YamlValue value)
    {
        if (value is not YamlMapping)
        {
            Problems.Add(value.Error($"must be a mapping of keys to values, not {Kind(value)}"));
        }

        return value as YamlMapping;
    }

    /// <summary>
    /// Those that are not empty or comments. sextant pasted the block below a key of its template: its lines are written as the
    /// items of a YAML list.
    /// </summary>
    public static IEnumerable<Stated<string>> LinesOf(YamlScalar block)
    {
        var lines = block.Text.Split('\n').Index().Where(line => line.Item.Trim() is not ("" or ['#', ..]));
        foreach (var (count, (line, text)) in lines.Index())
        {
            var bare = text.TrimStart(' ', '-').TrimEnd().Trim('"', '\'');
            var at = block.Block is { } first
                ? new Position(first.Line + line, first.Column + text.Length - text.TrimStart().Length)
                : block.At;
            yield return new Stated<string>(bare, $"{block.Path}[{count}]", at);
        }
    }

    private static string Spelled(string text) => Printable.Foreign(text) is { } foreign ? $"; {foreign}" : "";

    private static string Kind(YamlValue value) => value switch
    {
        YamlList => "a list",
        YamlMapping => "a mapping",
        _ => "text",
    };
}
