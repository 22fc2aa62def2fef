using System.Globalization;
using System.Runtime.CompilerServices;
using Bootstrapper.Rendering;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// The files that programs of Kubernetes read as their configuration, and the objects for its API, decoded as strictly as they do
/// it: by the fields and types of a release, which are kept as data.
/// </summary>
public sealed class ComponentConfigTests
{
    private static readonly YamlMappingNode Types =
        (YamlMappingNode)Read(File.ReadAllText(Path.Combine(Here(), "..", "Fixtures", "kubernetes", "1.36.yml")));

    public static TheoryData<string> Scenarios => ["example", "sextant", "sysext", "ignition", "dhcp-off"];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Programs_know_every_field_of_what_every_node_has(string scenario)
    {
        var snapshot = ScenarioTests.Load(scenario);
        foreach (var node in snapshot.Cluster.Nodes)
        {
            var configs = Configs(snapshot.Ignition(node, NodeSecrets.Specimen)).ToList();
            Assert.Contains(configs, config => Kind(config.Root) == "KubeletConfiguration");
            Assert.All(configs, config => AssertDecodes(config.Root, config.Place));
        }
    }

    [Fact]
    public void A_control_plane_has_one_of_each_kind() => Assert.Equal(
        ((IEnumerable<string>)
        [
            "APIService", "AdmissionConfiguration", "AuthenticationConfiguration", "ClusterRole", "ClusterRoleBinding", "Config",
            "ConfigMap", "DaemonSet", "Deployment", "EncryptionConfiguration", "IngressClass", "KubeProxyConfiguration",
            "KubeletConfiguration", "Namespace", "Pod", "Policy", "Role", "RoleBinding", "Service", "ServiceAccount",
            "StorageClass",
        ]).Order(StringComparer.Ordinal),
        Configs(WithAddOns()).Select(config => Kind(config.Root)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void Programs_know_every_field_of_add_ons_that_are_off_by_default() =>
        Assert.All(Configs(WithAddOns()), config => AssertDecodes(config.Root, config.Place));

    [Theory]
    [InlineData("kind: KubeletConfiguration\nclusterDNS: 10.96.0.10", "clusterDNS")]
    [InlineData("kind: KubeletConfiguration\nauthentication: {anonymus: {enabled: false}}", "anonymus")]
    [InlineData("kind: KubeletConfiguration\nreadOnlyPort: none", "readOnlyPort")]
    [InlineData("kind: Policy\nrules: [{level: None, users: [1]}]", "users")]
    [InlineData("kind: Role\nrules: [{verbs: [get], resource: [pods]}]", "resource")]
    [InlineData("kind: ConfigMap\ndata: {size: 5}", "size")]
    [InlineData("kind: Service\nspec: {ports: [{port: http}]}", "port")]
    [InlineData("kind: Service\nspec: {ports: [{targetPort: true}]}", "targetPort")]
    [InlineData("kind: AdmissionConfiguration\nplugins: [{configuration: {kind: Configuration, limit: []}}]", "limit")]
    [InlineData("kind: AdmissionConfiguration\nplugins: [{configuration: {kind: Bogus}}]", "no known kind: Bogus")]
    [InlineData("kind: AdmissionConfiguration\nplugins: [{configuration: {}}]", "no known kind")]
    [InlineData("kind: CronJob\nspec: {}", "no known kind: CronJob")]
    [InlineData("kind: Limit\nqps: 5", "no known kind: Limit")]
    public void It_would_have_been_said(string text, string field) => Assert.Contains(
        field,
        Assert.ThrowsAny<Exception>(() => AssertDecodes(Read(text), "x")).Message,
        StringComparison.Ordinal);

    private static string WithAddOns()
    {
        var snapshot = KubernetesManifestsTests.WithAddOns();
        return snapshot.Ignition(snapshot.Cluster.Nodes[0], NodeSecrets.Specimen);
    }

    private static IEnumerable<(string Place, YamlNode Root)> Configs(string ignition) => RenderedFiles.OfIgnition(ignition)
        .Where(file => file.Path.StartsWith("/etc/kubernetes/", StringComparison.Ordinal))
        .SelectMany(file => Configs(file.Path, file.Content));

    /// <summary>
    /// Whatever kind they are of. Also those that stand in a ConfigMap, where texts without a kind are of others.
    /// </summary>
    private static IEnumerable<(string Place, YamlNode Root)> Configs(string place, string content)
    {
        if (Path.GetExtension(place) is not (".yaml" or ".yml" or ".conf" or ".json"))
        {
            yield break;
        }

        var stream = new YamlStream();
        stream.Load(new StringReader(content));
        foreach (var root in stream.Documents.Select(document => document.RootNode))
        {
            yield return (place, root);
            if (Kind(root) == "ConfigMap")
            {
                foreach (var (name, text) in ((YamlMappingNode)root["data"]).Children)
                {
                    foreach (var config in Configs($"{place}/{name}", text.ToString()).Where(config => Kind(config.Root) != ""))
                    {
                        yield return config;
                    }
                }
            }
        }
    }

    private static string Kind(YamlNode root) =>
        root is YamlMappingNode mapping && mapping.Children.TryGetValue("kind", out var kind) ? kind.ToString() : "";

    /// <summary>By its kind, which must be one that is known.</summary>
    private static void AssertDecodes(YamlNode root, string place)
    {
        var kind = Kind(root);
        Assert.True(
            Types.Children.TryGetValue(kind, out var fields) && ((YamlMappingNode)fields).Children.ContainsKey("apiVersion"),
            $"{place} is of no known kind: {kind}");
        AssertDecodes(root, kind, place);
    }

    private static void AssertDecodes(YamlNode node, string type, string place)
    {
        if (type == "object")
        {
            AssertDecodes(node, place);
        }
        else if (type.StartsWith('['))
        {
            Assert.True(node is YamlSequenceNode, $"{place} is no list");
            Assert.All(((YamlSequenceNode)node).Children, item => AssertDecodes(item, type[1..^1], $"{place}[]"));
        }
        else if (type.StartsWith('{'))
        {
            Assert.True(node is YamlMappingNode, $"{place} is no map");
            Assert.All(((YamlMappingNode)node).Children, item => AssertDecodes(item.Value, type[1..^1], $"{place}.{item.Key}"));
        }
        else if (Types.Children.TryGetValue(type, out var fields))
        {
            Assert.True(node is YamlMappingNode, $"{place} is no {type}");
            foreach (var (name, value) in ((YamlMappingNode)node).Children)
            {
                Assert.True(((YamlMappingNode)fields).Children.TryGetValue(name, out var field), $"{place}: no field {name}");
                AssertDecodes(value, field.ToString(), $"{place}.{name}");
            }
        }
        else
        {
            Assert.True(type.Split('|').Any(one => IsScalar(node, one)), $"{place} is no {type}: {node}");
        }
    }

    /// <summary>A plain <c>true</c> or <c>5</c> is no text to Kubernetes.</summary>
    private static bool IsScalar(YamlNode node, string type) => type == "anything"
        || (node is YamlScalarNode { Value: { } text } scalar && (scalar.Style == ScalarStyle.Plain, type) switch
        {
            (true, "boolean") => text is "true" or "false",
            (true, "integer") => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            (true, "number") => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            (true, "string") => text is not ("true" or "false" or "null" or "~")
                && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            (_, "string") => true,
            _ => false,
        });

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static YamlNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents[0].RootNode;
    }
}
