using System.Text.Json;
using YamlDotNet.Serialization;

namespace Bootstrapper.Cli;

/// <summary>JSON written as YAML: the same names and values.</summary>
internal static class Yaml
{
    private static readonly ISerializer Serializer =
        new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).Build();

    public static string Of(JsonElement json) => Serializer.Serialize(Plain(json)!);

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object =>
            json.EnumerateObject().ToDictionary(member => member.Name, member => Plain(member.Value), StringComparer.Ordinal),
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => json.GetString(),
    };
}
