using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// Ignition itself, as root, on a directory that stands for the disk: what is there afterwards is what the cloud-config says.
/// </summary>
[Trait("Category", "Slow")]
public sealed class IgnitionRunTests : IDisposable
{
    private readonly IgnitionRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Everything_that_can_be_said_is_done()
    {
        await _root.ApplyAsync(IgnitionTranslation.Of(Everything.Config).ToJson());

        Assert.Equal(Expected(Everything.CloudConfig + "\n"), await _root.FactsAsync());
        Assert.Matches(@"\Aelroy:x:[0-9]+:100:Elroy J\.:/home/e:/bin/bash\z", _root.Entry("passwd", "elroy"));
        Assert.StartsWith("elroy:$6$salt$hash:", _root.Entry("shadow", "elroy"), StringComparison.Ordinal);
        Assert.Equal(("wheel:x:10:elroy", "docker:x:233:elroy"), (_root.Entry("group", "wheel"), _root.Entry("group", "docker")));
        Assert.Matches(@"\Aservice-account:x:[0-9]{1,3}:", _root.Entry("passwd", "service-account"));
    }

    [Fact]
    public async Task A_node_of_the_example_becomes_what_its_cloud_config_says()
    {
        var snapshot = ScenarioTests.Load("example");
        var node = snapshot.Cluster.Nodes[0];
        await _root.ApplyAsync(snapshot.Ignition(node, NodeSecrets.Specimen));
        Assert.Equal(Expected(snapshot.CloudConfig(node, NodeSecrets.Specimen)), await _root.FactsAsync());
    }

    private static IReadOnlyList<string> Expected(string cloudConfig) => InstalledSystem.InOrder(
        InstalledSystem.OfCloudConfig(cloudConfig).Where(fact => !fact.StartsWith("user ", StringComparison.Ordinal))
            .Select(IgnitionRoot.ByNumber));
}
