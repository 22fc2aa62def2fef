using System.Text.Json;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>JSON as templates see it.</summary>
internal static class TemplateData
{
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Map(json),
        JsonValueKind.Array => json.EnumerateArray().Select(Of).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
        _ => null,
    };

    /// <summary>Of two entries of one name the last holds, as in Go.</summary>
    public static Dictionary<string, object?> Map(JsonElement json)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            map[property.Name] = Of(property.Value);
        }

        return map;
    }
}
