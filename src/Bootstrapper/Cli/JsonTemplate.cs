using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cli;

/// <summary>
/// kubectl's <c>-o jsonpath=</c>: text with paths in braces, <c>{.items[*].hostName}</c>, and
/// <c>{range .items[*]}{.hostName}{"\n"}{end}</c>. A list is its <c>.items</c>.
/// (kubernetes.io/docs/reference/kubectl/jsonpath)
/// </summary>
internal sealed partial class JsonTemplate
{
    private readonly List<Action<JsonElement, StringBuilder>> _parts = [];

    /// <exception cref="FormatException">It is none.</exception>
    public static JsonTemplate Parse(string text)
    {
        var open = new Stack<(JsonTemplate Template, JsonPath? Over)>([(new JsonTemplate(), null)]);
        for (var end = 0; end < text.Length;)
        {
            var part = Part().Match(text, end) is { Success: true } found ? found
                : throw new FormatException($"'{text}' is not a template: expected {{.path}}, got '{text[end..]}'");
            end += part.Length;
            Read(part, open);
        }

        return open.Count == 1 ? open.Pop().Template : throw new FormatException("{range} without {end}");
    }

    /// <param name="root">What the paths begin at; an array is at <c>.items</c>.</param>
    public string Fill(JsonElement root)
    {
        var text = new StringBuilder();
        Fill(root.ValueKind == JsonValueKind.Array ? JsonSerializer.SerializeToElement(new { items = root }) : root, text);
        return text.ToString();
    }

    private void Fill(JsonElement root, StringBuilder text) => _parts.ForEach(part => part(root, text));

    /// <exception cref="FormatException">A backslash stands before something else than it may.</exception>
    private static string Unescaped(string text)
    {
        try
        {
            return Regex.Unescape(text);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{text}' has a backslash in it that means nothing: expected \\n, \\t or \\\\", e);
        }
    }

    private static void Read(Match part, Stack<(JsonTemplate Template, JsonPath? Over)> open)
    {
        var (inside, parts) = (part.Groups["inside"].Value.Trim(), open.Peek().Template._parts);
        if (!part.Groups["inside"].Success)
        {
            parts.Add((_, text) => text.Append(part.Value));
        }
        else if (inside is ['"', .., '"'])
        {
            var words = Unescaped(inside[1..^1]);
            parts.Add((_, text) => text.Append(words));
        }
        else if (inside.StartsWith("range ", StringComparison.Ordinal))
        {
            open.Push((new JsonTemplate(), JsonPath.Parse(inside["range ".Length..])));
        }
        else if (inside == "end")
        {
            Close(open);
        }
        else
        {
            var path = JsonPath.Parse(inside);
            parts.Add((root, text) => text.Append(path.TextOf(root, " ")));
        }
    }

    private static void Close(Stack<(JsonTemplate Template, JsonPath? Over)> open)
    {
        if (open.Pop() is not (var repeated, { } over))
        {
            throw new FormatException("{end} without {range}");
        }

        open.Peek().Template._parts.Add((root, text) => over.Of(root).ToList().ForEach(one => repeated.Fill(one, text)));
    }

    [GeneratedRegex("""\G(?:\{(?<inside>(?:"(?:\\.|[^"\\])*"|[^{}"])+)\}|[^{]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();
}
