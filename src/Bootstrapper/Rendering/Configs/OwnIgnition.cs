using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Engine;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// An Ignition config that an operator wrote. Only its language and its version are ours to judge; the rest is Ignition's.
/// </summary>
internal static partial class OwnIgnition
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <returns>The config, written as we write ours; or what is wrong, at its place in the text.</returns>
    public static (string? Json, Problem? Problem) Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return Objection(document.RootElement) is { } objection
                ? (null, At(0, 0, objection))
                : (JsonSerializer.Serialize(document.RootElement, IgnitionConfig.Json) + "\n", null);
        }
        catch (JsonException e)
        {
            return (null, At(e.LineNumber ?? 0, e.BytePositionInLine ?? 0, "is not JSON"));
        }
    }

    /// <summary>What is no mistake, but hardly what its author expects, at its place in the text.</summary>
    /// <param name="text">A config that was read.</param>
    public static IEnumerable<Problem> Warnings(string text) =>
        from written in Written(JsonNode.Parse(text))
        where WrittenStrategy.IsEtcdLock(written.Path, written.Content)
        let at = text.IndexOf($"\"{written.Name}\"", StringComparison.Ordinal)
        select Problem.Warning("", $"{written.Name}: {WrittenStrategy.Objection}") with
        {
            Position = SourceText.PositionAt(text, at),
        };

    /// <summary>Files as the config has them, and units with their drop-ins; the name is in the text.</summary>
    private static IEnumerable<(string Name, string Path, string Content)> Written(JsonNode? root) =>
    [
        .. from file in Items(Member(Member(root, "storage"), "files"))
           let path = Text(Member(file, "path"))
           select (path, path, DataUrl.Content(Text(Member(Member(file, "contents"), "source")))),
        .. from unit in Items(Member(Member(root, "systemd"), "units"))
           let name = Text(Member(unit, "name"))
           from part in Items(Member(unit, "dropins")).Prepend(unit)
           select (name, new NodeUnit(name).FilePath, Text(Member(part, "contents"))),
    ];

    private static JsonNode? Member(JsonNode? node, string name) => (node as JsonObject)?[name];

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string? Objection(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("ignition", out var header)
            || header.ValueKind != JsonValueKind.Object || !header.TryGetProperty("version", out var version))
        {
            return "is not an Ignition config: there is no ignition.version";
        }

        return version.ValueKind == JsonValueKind.String && SupportedVersion().IsMatch(version.GetString()!)
            ? null
            : "ignition.version must be 3.x, such as 3.3.0: present systems read no other";
    }

    private static Problem At(long line, long column, string message) =>
        Problem.Error("", message) with { Position = new Position(line + 1, column + 1) };

    [GeneratedRegex(@"\A3\.[0-9]+\.[0-9]+\z")]
    private static partial Regex SupportedVersion();
}
