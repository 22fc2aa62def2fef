using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster;

/// <summary>JSON Schema of cluster-desc.yml for editors, made from the keys that the reader goes by.</summary>
internal static class ClusterDescriptionSchema
{
    /// <summary>People read it too: quotes and dots stay what they are.</summary>
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json => Schema().ToJsonString(Readable) + "\n";

    private static JsonObject Schema()
    {
        var schema = ClusterKeys.All.Schema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "cluster-desc.yml");
        schema["anyOf"] = new JsonArray(Requiring(ClusterKeys.Nodes), Requiring(ClusterKeys.Profiles));
        schema["allOf"] = new JsonArray(new JsonObject
        {
            ["anyOf"] = new JsonArray(Requiring(NetworkKeys.Subnet), Requiring(ClusterKeys.Networks)),
        });
        return schema;
    }

    private static JsonObject Requiring(Key key) => new() { ["required"] = new JsonArray(key.Name) };
}
