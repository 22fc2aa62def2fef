using System.Globalization;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Rendering;

/// <summary>What holds for every config and every description, whatever operators put into them.</summary>
public sealed class NodeConfigPropertyTests : IDisposable
{
    private const string CloudConfigTemplate = """
        #cloud-config
        hostname: {{ yaml Hostname }}
        ssh_authorized_keys:
        {{~ for key in SSHAuthorizedKeys ~}}
          - {{ yaml key }}
        {{~ end ~}}
        write_files:
          - path: /etc/value
            content: {{ yaml Variables.value }}
          - {path: /etc/{{ Hostname }}, content: {{ json Variables.value }} }
        """;

    private const string IgnitionTemplate = """
        { "ignition": { "version": "3.3.0" }, "value": {{ json Variables.value }} }
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public void A_config_is_read_back_from_what_was_written() => ForAll(NodeConfigs.All, IsReadBack);

    [Fact]
    public void A_config_that_says_nothing_is_read_back() => IsReadBack(new NodeConfig());

    [Fact]
    [Trait("Category", "Slow")]
    public void Both_languages_make_the_same_of_a_config() => ForAll(NodeConfigs.All, config => Assert.Equal(
        InstalledSystem.OfCloudConfig(CloudConfigWriter.Write(config, "comment")),
        InstalledSystem.OfIgnition(IgnitionTranslation.Of(config).ToJson())));

    [Fact]
    [Trait("Category", "Slow")]
    public void Ignitions_validator_accepts_every_config() => ForAll(NodeConfigs.All, times: 50, config =>
        RealProgram.RunAsync("ignition-validate", [_directory.Write("config.ign", IgnitionTranslation.Of(config).ToJson())])
            .GetAwaiter().GetResult());

    [Fact]
    [Trait("Category", "Slow")]
    public void Whatever_a_description_holds_reaches_the_node_unharmed()
    {
        var (bsroot, templates) = Templates();
        ForAll(from key in NodeConfigs.SshKey from value in NodeConfigs.Line select (key, value), described =>
        {
            var read = ClusterDescriptionReader.Read(Description(described.key, described.value));
            Assert.Empty(read.Problems);
            var snapshot = new Snapshot(read.Cluster!, bsroot, templates);
            Assert.Empty(snapshot.Check());

            var config = CloudConfigReader.Read(snapshot.CloudConfig(snapshot.Cluster.Nodes[0], NodeSecrets.Specimen)).Config!;
            Assert.Equal([described.key], config.SshAuthorizedKeys);
            Assert.All(config.Files, file => Assert.Equal(described.value, file.Content));
            using var ignition = System.Text.Json.JsonDocument.Parse(snapshot.Ignition(
                snapshot.Cluster.Nodes[1], NodeSecrets.Specimen));
            Assert.Equal(described.value, ignition.RootElement.GetProperty("value").GetString());
            AssertBuiltInTemplateHolds(snapshot, described.key);
        });
    }

    [Fact]
    public void A_quoted_text_is_the_same_in_YAML_and_in_JSON() => ForAll(NodeConfigs.Text, text =>
    {
        Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize<string>(QuotedText.Of(text)));
        Assert.Equal(text, new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<string>(QuotedText.Of(text)));
    });

    private static void IsReadBack(NodeConfig config)
    {
        var (back, _, problems) = CloudConfigReader.Read(CloudConfigWriter.Write(config, "comment"));
        Assert.Empty(problems);
        Assert.Equivalent(config, back, strict: true);
    }

    private static void AssertBuiltInTemplateHolds(Snapshot snapshot, string key)
    {
        var config = CloudConfigReader.Read(snapshot.CloudConfig(snapshot.Cluster.Nodes[2], NodeSecrets.Specimen)).Config!;
        Assert.Equal([key], config.SshAuthorizedKeys);
        Assert.Equal("n3", config.HostName);
    }

    /// <summary>One set for all descriptions: reading a template takes far longer than rendering it.</summary>
    private (Bsroot Bsroot, TemplateSet Templates) Templates() => (
        new Bsroot(_directory.Path),
        TemplateSet.Of(
            [new TemplateFile("mine.template", CloudConfigTemplate + "\n"), new TemplateFile("mine.ign", IgnitionTemplate)]));

    private static string Description(string key, string value)
    {
        var nodes = new[] { "mine.template", "mine.ign", Node.DefaultTemplate }.Index().Aggregate(new StringBuilder(), (
        text,
        template) => text.Append(CultureInfo.InvariantCulture, $$"""
              - {mac: "52:54:00:00:00:0{{template.Index}}", hostname: n{{template.Index + 1}}, ip: 10.10.10.{{template.Index + 2}}, template: {{template.Item}}, kube_master: y, etcd_member: y,
                 variables: {value: {{QuotedText.Of(value)}} } }

            """));
        return $"""
            bootstrapper: 10.10.10.1
            subnet: 10.10.10.0/24
            iplow: 10.10.10.100
            iphigh: 10.10.10.199
            ssh_authorized_keys: [{QuotedText.Of(key)}]
            nodes:
            {nodes}
            """;
    }

    private static void ForAll<T>(Gen<T> values, Action<T> property) => ForAll(values, times: 300, property);

    private static void ForAll<T>(Gen<T> values, int times, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(values.ToArbitrary(), property));
}
