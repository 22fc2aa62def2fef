using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox;

/// <summary>An Ignition config that is served as it was written, but for its version.</summary>
internal static class WrittenIgnition
{
    /// <summary>
    /// What matchbox makes of every version that it reads. Those from 3.0 to here are each contained in the next (Ignition,
    /// "Migrating Between Configs").
    /// </summary>
    public const string Version = "3.4.0";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <returns>JSON; other versions stay what they are, since their systems read no other.</returns>
    /// <exception cref="RenderingException">It is not JSON, or no Ignition config.</exception>
    public static string Read(string file, string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict)?["ignition"] is JsonObject header
                && header["version"] is { } version && version.GetValueKind() == JsonValueKind.String
                ? WithVersion(header, version.GetValue<string>())
                : throw new RenderingException(
                    file, new Position(1, 1), "is not an Ignition config: there is no ignition.version");
        }
        catch (JsonException e)
        {
            throw new RenderingException(
                file, new Position((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1), "is not JSON", e);
        }
        catch (InvalidOperationException e)
        {
            throw new RenderingException(file, new Position(1, 1), "is not an Ignition config: it must be an object", e);
        }
    }

    private static string WithVersion(JsonObject header, string version)
    {
        if (version is "3.0.0" or "3.1.0" or "3.2.0" or "3.3.0")
        {
            header["version"] = Version;
        }

        return header.Root.ToJsonString();
    }
}
