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
    public void A_description_renders_to_exactly_the_expected_files_for_the_children(string name) =>
        new Scenario(name).AssertExpected(
            "bsroot", ForTheChildren(name), name == "example" ? null : ("example/bsroot", ForTheChildren("example")));

    [Theory]
    [MemberData(nameof(All))]
    public void A_description_renders_to_exactly_the_expected_files_for_each_node(string name)
    {
        foreach (var node in ServedNode.AllOf(name))
        {
            new Scenario(name).AssertExpected(
                node.Node.HostName,
                node.Files(),
                node.Base is { } from ? ($"{from.Name} with its name and addresses", from.FilesAs(node)) : null);
        }
    }

    [Fact]
    public void Whichever_byte_of_a_config_changes_its_expected_files_change()
    {
        var node = ServedNode.AllOf("example")[^1];
        var from = node.Base!.FilesAs(node);
        Assert.Distinct(
        [
            Differences(node),
            .. Enumerable.Range(0, node.CloudConfig.Length / 250)
                .Select(i => Differences(node with { CloudConfig = node.CloudConfig.Insert(i * 250, "~") })),
        ]);

        string Differences(ServedNode to) => FileDifferences.Between(from, to.Files());
    }

    /// <summary>A change of a template is looked at line by line; when this fails, make a scenario smaller.</summary>
    [Fact]
    public void What_is_expected_is_short_enough_to_read() => Assert.InRange(Scenario.ExpectedLines(), 1_000, 10_800);

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_wrong_with_what_it_renders_to(string name) => Assert.Empty(Load(name).Check());

    [Theory]
    [MemberData(nameof(All))]
    public void Rendering_twice_gives_the_same_bytes(string name) => Assert.Equal(Everything(name), Everything(name));

    [Theory]
    [MemberData(nameof(All))]
    public void Every_file_that_may_hold_comments_says_at_its_top_what_made_it(string name) => Assert.All(
        Everything(name).Where(file => !file.Path.EndsWith(".json", StringComparison.Ordinal)),
        file => Assert.Contains(file.Content.Split('\n').Take(2), line => line.StartsWith(
            "# Rendered by bootstrapper from cluster-desc.yml", StringComparison.Ordinal)));

    internal static Snapshot Load(string name)
    {
        var (cluster, _) = ClusterDescriptionReader.Read(new Scenario(name).ClusterDescription);
        return new(cluster!, new Bsroot("/bsroot"), TemplateSet.Of([]));
    }

    private static SortedDictionary<string, string> ForTheChildren(string name)
    {
        var snapshot = Load(name);
        var bootFiles = snapshot.Cluster.Nodes.Select(node => snapshot.BootFile(node, BootTarget.Install));
        var files = snapshot.Artifacts().Concat(bootFiles);
        return new(files.ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static IEnumerable<(string Path, string Content)> Everything(string name) =>
    [
        .. ForTheChildren(name).Select(file => (file.Key, file.Value)),
        .. ServedNode.Render(name).SelectMany(node => new[]
        {
            ($"{node.Name}/install.sh", node.InstallScript),
            ($"{node.Name}/cloud-config.yaml", node.CloudConfig),
            ($"{node.Name}/ignition.json", node.Ignition),
        }),
    ];
}
