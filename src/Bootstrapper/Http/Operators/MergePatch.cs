using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Operators;

/// <summary>Changes some of what is noted about a machine and leaves the rest (RFC 7396): a <c>null</c> removes.</summary>
internal static class MergePatch
{
    private const int LongestText = 500;
    private const int MostEntries = 100;

    private static readonly JsonSerializerOptions Strict =
        new(InventoryFiles.Json)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
        };

    /// <exception cref="BadHttpRequestException">The patch names what there is not, or says too much.</exception>
    public static NodeDetails Apply(NodeDetails details, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            throw new BadHttpRequestException("expected a JSON object");
        }

        try
        {
            var target = JsonSerializer.SerializeToNode(details, InventoryFiles.Json)!.AsObject();
            Merge(target, JsonObject.Create(patch)!);
            return Checked(target.Deserialize<NodeDetails>(Strict)!);
        }
        // The last two: a key that stands twice, half a surrogate pair.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"invalid patch: {e.Message}", e);
        }
    }

    /// <summary>The file of a machine is read at every start, and shown on screens.</summary>
    /// <exception cref="BadHttpRequestException">A text is too long, or there are too many.</exception>
    public static NodeDetails Checked(NodeDetails details)
    {
        var maps = new[] { details.Labels, details.Metadata }.OfType<IReadOnlyDictionary<string, string>>().ToList();
        var texts = maps.SelectMany(map => map.SelectMany(entry => new[] { entry.Key, entry.Value }))
            .Concat(new[] { details.ProviderId, details.Cabinet, details.Position }.OfType<string>());
        return maps.Exists(map => map.Count > MostEntries)
            ? throw new BadHttpRequestException($"expected at most {MostEntries} entries")
            : texts.Any(text => text is null || text.Length > LongestText || text.Any(Printable.BreaksLines))
                ? throw new BadHttpRequestException(
                    $"expected text of at most {LongestText} characters without control characters")
            : details with { Labels = NullIfEmpty(details.Labels), Metadata = NullIfEmpty(details.Metadata) };
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject outer)
            {
                Merge(outer, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private static IReadOnlyDictionary<string, string>? NullIfEmpty(IReadOnlyDictionary<string, string>? map) =>
        map is { Count: > 0 } ? map : null;
}
