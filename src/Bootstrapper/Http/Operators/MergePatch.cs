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

    /// <summary>In a path of JSON, behind <c>$.</c></summary>
    private const int FieldsBegin = 2;

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
            RefuseUnknown(target);
            return Checked(target.Deserialize<NodeDetails>(Strict)!);
        }
        catch (JsonException e) when (e.Path is { Length: > FieldsBegin })
        {
            throw Invalid(
                e.Path[FieldsBegin..], e.Message.StartsWith("not ", StringComparison.Ordinal) ? e.Message : Expected(e.Path), e);
        }
        // The last two: a key that stands twice, half a surrogate pair.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"invalid patch: {e.Message}", e);
        }
    }

    private static void RefuseUnknown(JsonObject details)
    {
        var fields = Strict.GetTypeInfo(typeof(NodeDetails)).Properties.Select(field => field.Name).ToList();
        if (details.Select(field => field.Key).FirstOrDefault(name => !fields.Contains(name)) is { } unknown)
        {
            throw Invalid(Printable.Escaped(unknown), $"is not a known field: expected one of {string.Join(", ", fields)}");
        }
    }

    /// <param name="path">Of JSON, such as <c>$.labels.a</c>.</param>
    private static string Expected(string path) =>
        path[FieldsBegin..] is "labels" or "metadata" ? "expected a JSON object of texts" : "expected text";

    private static BadHttpRequestException Invalid(string field, string reason, Exception? cause = null) =>
        new($"{field}: {reason}", cause!);

    /// <summary>The file of a machine is read at every start, and shown on screens.</summary>
    /// <exception cref="BadHttpRequestException">A text is too long, or there are too many.</exception>
    public static NodeDetails Checked(NodeDetails details)
    {
        Check("providerId", details.ProviderId);
        Check("cabinet", details.Cabinet);
        Check("position", details.Position);
        Check("labels", details.Labels);
        Check("metadata", details.Metadata);
        return details with { Labels = NullIfEmpty(details.Labels), Metadata = NullIfEmpty(details.Metadata) };
    }

    private static void Check(string field, IReadOnlyDictionary<string, string>? map)
    {
        if (map?.Count > MostEntries)
        {
            throw Invalid(field, $"expected at most {MostEntries} entries");
        }

        foreach (var (name, text) in map ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            Check($"name in {field}", name);
            Check($"{field}.{name}", text ?? throw Invalid($"{field}.{name}", "expected text"));
        }
    }

    private static void Check(string field, string? text)
    {
        if (text?.Length > LongestText || text?.Any(Printable.BreaksLines) == true)
        {
            throw Invalid(field, $"expected text of at most {LongestText} characters without control characters");
        }
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
