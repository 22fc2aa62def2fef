using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Engine;
using Bootstrapper.Rendering.Kubernetes;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>What is tried for one node is tried for all that are described alike: see <see cref="Identity"/>.</summary>
public sealed class IdentityTests
{
    /// <summary>No template asks who issues a leaf.</summary>
    private static readonly JsonSerializerOptions WithoutIssuers = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type => type.Properties.Where(property => property.PropertyType == typeof(LeafProfile)).ToList()
                    .ForEach(profile => type.Properties.Remove(profile)),
            },
        },
    };

    [Theory]
    [InlineData("{{ Hostname }} {{ yaml Mac }} {{ indent 2 Crt }} {{ (Serial) }}")]
    [InlineData("{{ if IP }}--node-ip={{ IP }}{{ else }}{{ sh Hostname }}{{ end }}")]
    [InlineData("{{ for file in PkiFiles }}{{ file.Path }}: {{ indent 6 file.Content }}{{ end }}")]
    [InlineData("{{ if KubeMaster }}{{ Hostname }}{{ end }}")]
    [InlineData("{{ for label in Labels }}{{ if label.Key == \"a\" }}b{{ end }}{{ end }}")]
    public void A_name_that_is_printed_tells_no_nodes_apart(string template) => Assert.False(Decides(template));

    [Theory]
    [InlineData("{{ if Hostname == \"a\" }}b{{ end }}")]
    [InlineData("{{ Hostname | string.slice 0 3 }}")]
    [InlineData("{{ x = Mac }}")]
    [InlineData("{{ Variables[Hostname] }}")]
    [InlineData("{{ for file in PkiFiles }}{{ x = file.Content }}{{ end }}")]
    [InlineData("{{ for file in KubernetesFiles }}{{ if file.Path != \"/a\" }}b{{ end }}{{ end }}")]
    [InlineData("{{ for file in (PkiFiles | array.reverse) }}{{ file.Path }}{{ end }}")]
    [InlineData("{{ (this)[\"Hostname\"] }}")]
    [InlineData("{{ $\"{Hostname}\" }}")]
    [InlineData("{{ while Hostname }}{{ end }}")]
    [InlineData("{{ include Hostname }}")]
    public void In_doubt_a_template_decides_by_it(string template) => Assert.True(Decides(template));

    /// <summary>Else an edit of a description with thousands of nodes would take seconds.</summary>
    [Fact]
    public void No_template_of_the_programs_own_decides_by_who_a_node_is()
    {
        foreach (var name in TemplateSet.BuiltInNames)
        {
            var copy = TemplateSet.Of([new TemplateFile(name, Shipped(name))]);
            Assert.False(copy.TellsNodesApart, name);
        }
    }

    /// <summary>A name that is missing from the list would let one node speak for others that it knows nothing of.</summary>
    [Fact]
    public void What_is_not_on_the_list_is_the_same_for_nodes_that_are_described_alike()
    {
        foreach (var roles in new[] { NodeRoles.None, NodeRoles.KubeMaster | NodeRoles.EtcdMember | NodeRoles.Ingress })
        {
            var (one, other) = (Sample.Node(1) with { Roles = roles }, Sample.Node(2) with { Roles = roles });
            var cluster = Sample.Cluster(one with { Serial = Serial("XK1") }, other with { Serial = Serial("XK2") });
            var (first, second) = (ModelOf(cluster, 0), ModelOf(cluster, 1));
            var differing = typeof(NodeModel).GetProperties()
                .Where(property => AsJson(property.GetValue(first)) != AsJson(property.GetValue(second)))
                .Select(property => property.Name);

            Assert.Empty(differing.Except(Identity.Names));
        }
    }

    private static SerialNumber Serial(string text) => SerialNumber.Parse(text, provider: null);

    private static string Shipped(string name)
    {
        using var resource = new StreamReader(typeof(TemplateSet).Assembly.GetManifestResourceStream($"templates/{name}")!);
        return resource.ReadToEnd();
    }

    private static NodeModel ModelOf(ClusterDescription cluster, int index)
    {
        var files = new KubernetesFiles(new ClusterModel(cluster), TemplateSet.Of([]));
        return new NodeModel(cluster.Nodes[index], files.Shared, NodeSecrets.Specimen, files);
    }

    private static string AsJson(object? value) => JsonSerializer.Serialize(value, WithoutIssuers);

    private static bool Decides(string template)
    {
        var parsed = new ParsedTemplate(new TemplateFile("a.template", template));
        Assert.NotNull(parsed.Ready);
        return parsed.DecidesByIdentity;
    }
}
