using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cluster;

public sealed class ClusterDescriptionSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(ClusterDescriptionSchema.Json)!.AsObject();

    [Fact]
    public void It_is_of_the_draft_that_editors_know() =>
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)Schema["$schema"]);

    [Fact]
    public void Every_key_is_described() => AssertDescribed(Schema, ClusterKeys.All);

    [Fact]
    public void Only_one_of_nodes_and_profiles_must_be_there()
    {
        Assert.Equal(["bootstrapper"], Schema["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(
            ["subnet", "networks"],
            Schema["allOf"]![0]!["anyOf"]!.AsArray().Select(alternative => (string?)alternative!["required"]![0]));
        Assert.Equal(
            ["nodes", "profiles"], Schema["anyOf"]!.AsArray().Select(alternative => (string?)alternative!["required"]![0]));
    }

    [Fact]
    public void Every_pattern_is_one_that_editors_can_compile()
    {
        Assert.NotEmpty(Patterns(Schema));
        Assert.All(Patterns(Schema), pattern => Assert.NotNull(AsInAnEditor(pattern)));
    }

    [Theory]
    [InlineData("properties.bootstrapper", "10.10.10.1", "10.10.10.1/24")]
    [InlineData("properties.lease", "24h", "a day")]
    [InlineData("properties.domainname", "cluster.example.com", ".example.com")]
    [InlineData("properties.nodes.items.properties.mac", "52-54-00-00-00-01", "52:54-00-00-00-01")]
    [InlineData("properties.nodes.items.properties.install_disk", "/dev/disk/by-id/ata-X_1", "/dev/../etc")]
    [InlineData("properties.os.properties.image.properties.path", "images/a.raw", "../a.raw")]
    public void Editors_accept_what_the_reader_accepts(string place, string sound, string broken)
    {
        var pattern = AsInAnEditor((string)place.Split('.').Aggregate((JsonNode)Schema, (node, step) => node[step]!)["pattern"]!);
        Assert.Matches(pattern, sound);
        Assert.DoesNotMatch(pattern, broken);
    }

    [Fact]
    public void The_example_names_it_in_its_first_line() =>
        Assert.StartsWith(
            "# yaml-language-server: $schema=./cluster-desc.schema.json\n",
            new Scenario("example").ClusterDescription,
            StringComparison.Ordinal);

    [Fact]
    public void The_schema_beside_the_example_is_the_one_that_the_program_prints() =>
        new Scenario("example").AssertExpected("cluster-desc.schema.json", ClusterDescriptionSchema.Json);

    private static Regex AsInAnEditor(string pattern) => new(pattern, RegexOptions.ECMAScript);

    private static void AssertDescribed(JsonNode schema, KeySet keys)
    {
        Assert.Equal(keys.Keys.Select(key => key.Name), schema["properties"]!.AsObject().Select(property => property.Key));
        foreach (var key in keys.Keys)
        {
            var property = schema["properties"]![key.Name]!;
            Assert.Equal(key.Meaning, (string?)property["description"]);
            if (key is SectionKey or SectionListKey)
            {
                AssertDescribed(
                    property["items"] ?? property, key is SectionKey section ? section.Keys : ((SectionListKey)key).Keys);
            }
        }
    }

    private static IEnumerable<string> Patterns(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(property =>
            property is { Key: "pattern", Value: JsonValue pattern } ? [(string)pattern!] : Patterns(property.Value)),
        JsonArray list => list.SelectMany(Patterns),
        _ => [],
    };
}
