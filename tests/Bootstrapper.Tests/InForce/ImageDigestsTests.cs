using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

/// <summary>What nodes run is what was loaded, whatever becomes of its tag.</summary>
public sealed class ImageDigestsTests : IDisposable
{
    private const string Pause = "registry.k8s.io/pause:3.10.1";

    private static readonly string One = Digest('1'), Two = Digest('2');

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Digests_change_the_names_of_images_in_a_config_and_nothing_else(string scenario)
    {
        var byTag = ScenarioTests.Load(scenario);
        var images = ContainerImages.Of(byTag.Cluster);
        var digests = images.ToDictionary(
            image => $"{image.Upstream}",
            image => Digest((char)('a' + (image.Part.Length % 6))),
            StringComparer.Ordinal);
        var byDigest = new Snapshot(byTag.Cluster, new Bsroot("/bsroot"), TemplateSet.Of([]), digests);
        var named = images.Where(image => image.Upstream.Digest is null)
            .Select(image => RegistryMirror.NameOf(image.Upstream, Urls.Registry(byTag.Cluster)))
            .ToDictionary(name => $"{name}", name => $"{name}@", StringComparer.Ordinal);

        Assert.Empty(byDigest.ImagesByTag);
        Assert.Equal(byTag.Artifacts(), byDigest.Artifacts());
        foreach (var node in byTag.Cluster.Nodes.Where(node => !node.HasOwnIgnition))
        {
            var (before, after) = (Lines(byTag, node), Lines(byDigest, node));
            Assert.Equal(before.Length, after.Length);
            var changed = before.Zip(after).Where(pair => pair.First != pair.Second).ToList();
            Assert.All(changed, pair => Assert.Contains(named, name =>
                pair.First.Contains(name.Key, StringComparison.Ordinal)
                && pair.Second.Contains(name.Value, StringComparison.Ordinal)
                && WithoutDigests(pair.Second) == pair.First));
            Assert.DoesNotContain(after, line => named.Keys.Any(name =>
                line.Contains($"{name}\"", StringComparison.Ordinal) || line.EndsWith(name, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_digest_of_the_description_is_left_as_it_is()
    {
        var cluster = Sample.Cluster() with { Images = new Dictionary<string, string> { ["pause"] = $"{Pause}@{One}" } };
        var told = new Dictionary<string, string> { [Pause] = Two, [$"{Pause}@{One}"] = Two };
        var config = new Snapshot(cluster, Bsroot, TemplateSet.Of([]), told).CloudConfig(Sample.Node(), NodeSecrets.Specimen);
        Assert.Contains($"{Pause}@{One}", config, StringComparison.Ordinal);
        Assert.DoesNotContain(Two, config, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_are_told_the_newest_and_those_before_are_remembered()
    {
        Note(Pause, One);
        Note(Pause, Two);
        Note("quay.io/etcd:v3", One);
        Assert.Equal([Two, One], ImageDigests.Read(Bsroot).Told[Pause]);
        Assert.Equal(Two, ImageDigests.Read(Bsroot).Current[Pause]);

        Note(Pause, One);
        Assert.Equal([One, Two], ImageDigests.Read(Bsroot).Told[Pause]);
    }

    [Fact]
    public void A_snapshot_is_made_of_them_and_another_one_when_they_change()
    {
        Bsroot.Write(Bsroot.Description, new Scenario("example").ClusterDescription);
        var first = SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot!;
        var name = first.ImagesByTag.Single(image => image.Repository == "pause");

        Note($"{name}", One);
        Assert.NotEqual(first.Stamp, WatchedFiles.Stamp(Bsroot));
        var second = SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot!;
        Assert.DoesNotContain(name, second.ImagesByTag);
        Assert.Equal(first.ImagesByTag.Count - 1, second.ImagesByTag.Count);

        Note($"{name}", One);
        Assert.Equal(second.Stamp, WatchedFiles.Stamp(Bsroot));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"a": null}""")]
    [InlineData("""{"a": [null]}""")]
    [InlineData("""{"a": [""]}""")]
    [InlineData("""{"a": ["sha256:1"]}""")]
    public void A_broken_list_is_as_good_as_none_for_who_can_do_without(string text)
    {
        Bsroot.Write(Bsroot.ImageDigests, text);
        Assert.Throws<InvalidDataException>(() => ImageDigests.Read(Bsroot));
        Assert.Empty(ImageDigests.ReadOrNone(Bsroot).Current);
        Note(Pause, One);
        Assert.Equal(One, ImageDigests.Read(Bsroot).Current[Pause]);
    }

    private void Note(string name, string digest) =>
        ImageDigests.ReadOrNone(Bsroot).With(new Dictionary<string, string> { [name] = digest }).Write(Bsroot);

    private static string Digest(char digit) => $"sha256:{new string(digit, 64)}";

    private static string[] Lines(Snapshot snapshot, Bootstrapper.Cluster.Node node) =>
        [.. RenderedFiles.OfCloudConfig(snapshot.CloudConfig(node, NodeSecrets.Specimen))
            .SelectMany(file => file.Content.Split('\n'))];

    private static string WithoutDigests(string line) => System.Text.RegularExpressions.Regex.Replace(
        line, "@sha256:[a-f]{64}", "");
}
