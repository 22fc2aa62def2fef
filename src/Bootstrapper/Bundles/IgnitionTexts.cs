using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Rendering.Configs;

namespace Bootstrapper.Bundles;

/// <summary>All that an Ignition config says, what it packs into <c>data:</c> URLs unpacked.</summary>
internal static class IgnitionTexts
{
    public static IEnumerable<string> Of(string json) => Strings(JsonNode.Parse(json)).Select(DataUrl.Content);

    private static IEnumerable<string> Strings(JsonNode? json) => json switch
    {
        JsonObject map => map.SelectMany(entry => Strings(entry.Value)),
        JsonArray list => list.SelectMany(Strings),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };
}
