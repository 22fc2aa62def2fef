using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>The same node in both languages, and what Ignition's own programs say of it.</summary>
public sealed class IgnitionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Both_languages_make_the_same_of_every_node_of_a_scenario(string name)
    {
        var snapshot = ScenarioTests.Load(name);
        Assert.All(snapshot.Cluster.Nodes, node => Assert.Equal(
            InstalledSystem.OfCloudConfig(snapshot.CloudConfig(node, NodeSecrets.Specimen)),
            InstalledSystem.OfIgnition(snapshot.Ignition(node, NodeSecrets.Specimen))));
    }

    [Fact]
    public void Both_languages_make_the_same_of_everything_that_can_be_said() => Assert.Equal(
        InstalledSystem.OfCloudConfig(CloudConfigWriter.Write(Everything.Config, "")),
        InstalledSystem.OfIgnition(IgnitionTranslation.Of(Everything.Config).ToJson()));

    [Fact]
    public void What_is_said_is_what_was_written() => Assert.Equal(
        [
            "does not start locksmithd.service",
            "does not start update-engine.service",
            $"key of core: {SampleKeys.One} operator \"one\" # : ünï",
            $"key of core: {SampleKeys.One} second",
            $"key of elroy: {SampleKeys.One} elroy",
            "masked update-engine.service",
            "starts docker.service",
            "starts started.service",
            "starts timer.timer",
            "starts wanted.service",
            "update GROUP=stable",
            "update LOCKSMITHD_REBOOT_WINDOW_LENGTH=1h30m",
            "update LOCKSMITHD_REBOOT_WINDOW_START=Thu 04:00",
            "update REBOOT_STRATEGY=off",
            "update SERVER=https://updates.example.com/v1/update/",
        ],
        InstalledSystem.OfIgnition(IgnitionTranslation.Of(Everything.Config).ToJson())
            .Where(fact => fact.Split(' ')[0] is not ("file" or "user")));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Ignitions_validator_has_nothing_to_say_of_any_node_of_a_scenario(string name)
    {
        var snapshot = ScenarioTests.Load(name);
        foreach (var node in snapshot.Cluster.Nodes)
        {
            await AssertValidAsync(snapshot.Ignition(node, NodeSecrets.Specimen));
        }
    }

    [Fact]
    public async Task Ignitions_validator_has_nothing_to_say_of_everything() =>
        await AssertValidAsync(IgnitionTranslation.Of(Everything.Config).ToJson());

    [Theory]
    [InlineData(
        """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/rack","""
            + """ "contents":{"source":{{ json Variables.source }} }}]}}""",
        "data:,%22")]
    public async Task An_operators_own_config_is_rendered_with_variables_and_written_anew(string template, string source)
    {
        var snapshot = Own(template, source);
        Assert.Empty(snapshot.Check());
        var json = snapshot.Ignition(snapshot.Cluster.Nodes[0], NodeSecrets.Specimen);
        Assert.StartsWith("{\n  \"ignition\": {\n    \"version\": \"3.2.0\"\n  },\n", json, StringComparison.Ordinal);
        Assert.Contains("\"source\": \"data:,%22\"", json, StringComparison.Ordinal);
        await AssertValidAsync(json);
    }

    [Theory]
    [InlineData(
        "{\"ignition\":\n{\"version\":\"3.3.0\",}}", "mine.ign:2:20", "line 2, column 20 of what it renders to: is not JSON")]
    [InlineData("{\"ignition\":{\"version\":\"3.3.0\"},\"ignition\":{}}", "mine.ign:1:1", "is not JSON")]
    [InlineData("[]", "mine.ign:1:1", "there is no ignition.version")]
    [InlineData("{\"ignition\":{}}", "mine.ign:1:1", "there is no ignition.version")]
    [InlineData("{\"ignition\":{\"version\":\"2.3.0\"}}", "mine.ign:1:1", "ignition.version must be 3.x")]
    [InlineData("{\"ignition\":{\"version\":3}}", "mine.ign:1:1", "ignition.version must be 3.x")]
    public void An_operators_own_config_that_Ignition_would_not_read_is_refused(string template, string place, string message)
    {
        var problem = Assert.Single(Own(template, "").Check());
        Assert.StartsWith($"{place}: error: n1: line ", problem.Format(""), StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private Snapshot Own(string template, string source)
    {
        var bsroot = new Bsroot(_directory.Path);
        Bsroot.Write(Path.Combine(bsroot.Templates, "mine.ign"), template);
        var node = Sample.Node() with
        {
            Template = "mine.ign",
            Variables = new Dictionary<string, string> { ["source"] = source },
        };
        var cluster = Sample.Cluster(node);
        return new Snapshot(cluster, bsroot, TemplateSet.Of(TemplateFiles.In(bsroot, cluster)));
    }

    /// <summary>Not even a warning.</summary>
    private async Task AssertValidAsync(string json) =>
        Assert.Equal("", await RealProgram.RunAsync("ignition-validate", [_directory.Write("config.ign", json)]));
}
