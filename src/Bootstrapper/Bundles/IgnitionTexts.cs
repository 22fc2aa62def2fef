using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bootstrapper.Bundles;

/// <summary>All that an Ignition config says, what it packs into <c>data:</c> URLs unpacked.</summary>
internal static class IgnitionTexts
{
    public static IEnumerable<string> Of(string json) => Strings(JsonNode.Parse(json)).Select(Decoded);

    private static IEnumerable<string> Strings(JsonNode? json) => json switch
    {
        JsonObject map => map.SelectMany(entry => Strings(entry.Value)),
        JsonArray list => list.SelectMany(Strings),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    /// <summary>The content of a <c>data:</c> URL (RFC 2397), or the text itself.</summary>
    private static string Decoded(string text) =>
        !text.StartsWith("data:", StringComparison.Ordinal) || text.Split(',', 2) is not [var kind, var content] ? text
            : kind.EndsWith(";base64", StringComparison.Ordinal)
                ? Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(content)))
            : Uri.UnescapeDataString(content);
}
