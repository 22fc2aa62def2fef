using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.InForce;

/// <summary>
/// <c>enrolled.json</c>: read together with the description, so that enrolling a machine goes through the same checks, files and
/// reloads as writing it into the description.
/// </summary>
internal static class EnrolledNodes
{
    /// <summary>In bytes: some ten thousand machines.</summary>
    private const long Largest = 16 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="IOException">A hand has broken the file.</exception>
    public static IReadOnlyList<EnrolledNode> Read(Bsroot bsroot)
    {
        try
        {
            var nodes = Path.Exists(bsroot.Enrolled)
                ? JsonSerializer.Deserialize<List<EnrolledNode?>>(BoundedFile.ReadText(bsroot.Enrolled, Largest), Json)
                : null;
            return [.. (nodes ?? []).Select(node => node ?? throw new JsonException("an entry is null, expected a machine"))];
        }
        catch (JsonException e)
        {
            throw new IOException($"{bsroot.Enrolled} is invalid: {e.Message}", e);
        }
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(Bsroot bsroot, IEnumerable<EnrolledNode> nodes) =>
        Bsroot.Write(bsroot.Enrolled, JsonSerializer.Serialize(nodes, Json) + "\n");
}
