using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>Real descriptions, and every file they become: for the children, and for each node.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> All => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(All))]
    public void A_description_renders_to_exactly_the_expected_files(string name)
    {
        var scenario = new Scenario(name);
        foreach (var artifact in Everything(Load(name)))
        {
            scenario.AssertExpected(artifact.Path, artifact.Content);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_wrong_with_what_it_renders_to(string name) => Assert.Empty(Load(name).Check());

    [Theory]
    [MemberData(nameof(All))]
    public void Rendering_twice_gives_the_same_bytes(string name) => Assert.Equal(Everything(Load(name)), Everything(Load(name)));

    [Theory]
    [MemberData(nameof(All))]
    public void Every_file_that_may_hold_comments_says_at_its_top_what_made_it(string name) =>
        Assert.All(Everything(Load(name)).Where(artifact => !artifact.Path.EndsWith(".json", StringComparison.Ordinal)), artifact => Assert.Contains(artifact.Content.Split('\n').Take(2), line => line.StartsWith("# Rendered by bootstrapper from cluster-desc.yml", StringComparison.Ordinal)));

    internal static Snapshot Load(string name) =>
        new(ClusterDescriptionReader.Read(new Scenario(name).ClusterDescription).Cluster!, new Bsroot("/bsroot"), TemplateSet.BuiltIn());

    private static IEnumerable<Artifact> Everything(Snapshot snapshot) =>
    [
        .. snapshot.Artifacts(),
        .. snapshot.Cluster.Nodes.SelectMany(node => new[]
        {
            snapshot.BootFile(node, BootTarget.Install),
            new Artifact($"{node.HostName}/install.sh", snapshot.InstallScript(node)),
            new Artifact($"{node.HostName}/cloud-config.yaml", snapshot.CloudConfig(node, NodeSecrets.Specimen)),
            new Artifact($"{node.HostName}/ignition.json", snapshot.Ignition(node, NodeSecrets.Specimen)),
        }),
    ];
}
