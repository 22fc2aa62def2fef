using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cli;

/// <summary>
/// A way into JSON, as kubectl writes it: <c>.facts.disks[*].name</c>, <c>[0]</c>, <c>.labels['a.b']</c> or
/// <c>.labels.a\.b</c>. kubectl's filters, slices and <c>..</c> are not there, and refused.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly IReadOnlyList<Match> _steps;

    private JsonPath(IReadOnlyList<Match> steps) => _steps = steps;

    /// <summary>The name with which it begins; <c>null</c> where it begins with a number or is the whole.</summary>
    public string? First => _steps is [var first, ..] && first.Groups["name"].Success ? NameOf(first) : null;

    /// <exception cref="FormatException">It is none.</exception>
    public static JsonPath Parse(string text)
    {
        var path = text.Trim().TrimStart('$', '@');
        path = path == "." ? "" : path;
        var (steps, end) = (new List<Match>(), 0);
        for (Match step; end < path.Length && (step = Step().Match(path, end)).Success; end += step.Length)
        {
            steps.Add(step);
        }

        return end == path.Length
            ? new JsonPath(steps)
            : throw new FormatException($"'{text}' is not a path: expected .name, [0] or [*], got '{path[end..]}'");
    }

    /// <returns>Nothing where there is nothing of that name.</returns>
    public IEnumerable<JsonElement> Of(JsonElement root) => _steps.Aggregate<Match, IEnumerable<JsonElement>>(
        [root], (found, step) => [.. found.SelectMany(element => Follow(element, step))]);

    /// <summary>A text as it is, everything else as JSON has it.</summary>
    public string TextOf(JsonElement root, string separator) => string.Join(separator, Of(root).Select(element =>
        element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText()));

    private static IEnumerable<JsonElement> Follow(JsonElement element, Match step) => element.ValueKind switch
    {
        JsonValueKind.Object when step.Groups["all"].Success => element.EnumerateObject().Select(member => member.Value),
        JsonValueKind.Object => element.TryGetProperty(NameOf(step), out var value) ? [value] : [],
        JsonValueKind.Array when step.Groups["all"].Success => element.EnumerateArray(),
        JsonValueKind.Array when step.Groups["index"] is { Success: true } index =>
            At([.. element.EnumerateArray()], index.Value),
        _ => [],
    };

    /// <param name="index">Below 0 from the end.</param>
    private static IEnumerable<JsonElement> At(List<JsonElement> elements, string index) =>
        int.Parse(index, CultureInfo.InvariantCulture) is var number && (number < 0 ? number + elements.Count : number) is var at
            && at >= 0 && at < elements.Count ? [elements[at]] : [];

    private static string NameOf(Match step) => step.Groups["name"].Value.Replace(@"\", "", StringComparison.Ordinal);

    [GeneratedRegex(
        @"\G(?:\.(?<all>\*)|\[(?<all>\*)\]|\[(?<index>-?[0-9]{1,8})\]|\['(?<name>[^']+)'\]|\.(?<name>(?:\\.|[^].*[{}\s\\])+))",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
