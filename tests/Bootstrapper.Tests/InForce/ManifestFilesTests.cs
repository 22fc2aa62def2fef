using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

/// <summary>What connects pods, brought by the operator: from the data root onto control planes.</summary>
public sealed class ManifestFilesTests : IDisposable
{
    private const string Agent = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: cilium, namespace: kube-system}
        spec:
          template:
            spec:
              containers: [{name: agent, image: "quay.io/cilium/cilium:v1.19.0"}]

        """;

    private static readonly string Digest = $"sha256:{new string('b', 64)}";

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public ManifestFilesTests() => _directory.Write("cluster-desc.yml", """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        kubernetes: {cni: cilium, kube_proxy: none, coredns: n}
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}
          - {mac: "52:54:00:00:00:02", hostname: n2}

        """);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Objects_reach_control_planes_with_images_of_our_registry_by_digest()
    {
        Bsroot.Write(Bsroot.At("manifests/cilium/agent.yaml"), Agent);
        _directory.Write("image-digests.json", $$"""{"quay.io/cilium/cilium:v1.19.0": ["{{Digest}}"]}""");
        var snapshot = SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot!;
        var file = Assert.Single(Files(snapshot, node: 0), file => file.Path == "/etc/kubernetes/addons/cilium-agent.yaml");
        Assert.Equal(
            "# Of manifests/cilium/agent.yaml, with images of the bootstrapper's registry.\n" + Agent.Replace(
                "quay.io/cilium/cilium:v1.19.0",
                $"bootstrapper:5000/quay.io/cilium/cilium:v1.19.0@{Digest}",
                StringComparison.Ordinal),
            file.Content);
        Assert.Equal("600", file.Mode);
        Assert.Contains(Files(snapshot, node: 1), seen => seen.Path == "/etc/containerd/certs.d/quay.io/hosts.toml");
        Assert.DoesNotContain(Files(snapshot, node: 1), seen => seen.Path == file.Path);
        Assert.Equal(
            ["cilium-agent.yaml", "rbac.yaml"],
            Files(snapshot, node: 0).Where(seen => seen.Path.StartsWith("/etc/kubernetes/addons/", StringComparison.Ordinal))
                .Select(seen => Path.GetFileName(seen.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Their_images_are_asked_for_as_ours_are_and_protected()
    {
        Bsroot.Write(Bsroot.At("manifests/cilium/agent.yml"), Agent);
        Bsroot.Write(Bsroot.At("manifests/calico/other.yaml"), "is not looked at");
        Bsroot.Write(Bsroot.At("manifests/cilium/README.md"), "nor this");
        var cluster = SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot!.Cluster;
        var images = ContainerImages.Of(cluster).Select(image => $"{image.Upstream}").ToList();
        Assert.Contains("quay.io/cilium/cilium:v1.19.0", images);
        Assert.DoesNotContain(images, name => name.Contains("flannel", StringComparison.Ordinal));
        Assert.DoesNotContain(images, name => name.Contains("kube-proxy", StringComparison.Ordinal));
        Assert.True(ProtectedRepositories.Contain(cluster, "quay.io/cilium/cilium"));
    }

    [Fact]
    public void Without_any_the_description_is_refused_where_it_names_the_network() => Assert.Equal(
        ["cluster-desc.yml:5:19: error: kubernetes.cni: no objects for cilium: put its .yaml files into manifests/cilium/ in the "
            + "data root"],
        Told());

    [Fact]
    public void A_mistake_is_told_with_file_and_line_and_what_was_in_force_stays()
    {
        var file = Bsroot.At("manifests/cilium/agent.yaml");
        Bsroot.Write(file, Agent);
        var before = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None);
        Bsroot.Write(file, Agent.Replace("quay.io/cilium", "quay.io/Cilium", StringComparison.Ordinal));
        Assert.NotEqual(before.Snapshot!.Stamp, WatchedFiles.Stamp(Bsroot));
        var now = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Snapshot.Beside);
        Assert.Null(now.Snapshot);
        Assert.Equal(
            ["manifests/cilium/agent.yaml:7:41: error: not the name of a container image: quay.io/Cilium/cilium:v1.19.0"],
            Told());
    }

    [Fact]
    public void A_file_that_is_no_text_or_too_large_is_told_by_name()
    {
        Directory.CreateDirectory(Bsroot.At("manifests/cilium"));
        File.WriteAllBytes(Bsroot.At("manifests/cilium/a.yaml"), [0x61, 0xff]);
        using (var large = File.Create(Bsroot.At("manifests/cilium/b.yaml")))
        {
            large.SetLength((4 << 20) + 1);
        }

        Assert.Collection(
            Told(),
            one => Assert.StartsWith("manifests/cilium/a.yaml:1:2: error: ", one, StringComparison.Ordinal),
            other => Assert.Contains("b.yaml is too large: expected 4096 KiB at most", other, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: b.yaml", "a: b.yaml")]
    [InlineData("a #b.yaml", "a #b.yaml")]
    [InlineData("a\nb.yaml", "a\\u000ab.yaml")]
    public void A_name_that_a_node_cannot_have_a_file_under_is_told(string name, string told)
    {
        Bsroot.Write(Bsroot.At("manifests/cilium/agent.yaml"), Agent);
        Bsroot.Write(Bsroot.At($"manifests/cilium/{name}"), Agent);
        Assert.Equal(
            [$"manifests/cilium/{told}: error: nodes have it under its name, which may hold letters, digits, dots, - and _ "
                + "alone"],
            Told());
    }

    private IEnumerable<string> Told() => SnapshotLoader.Load(Bsroot, Bsroot.Description).Problems
        .Where(problem => problem.Severity == Severity.Error).Select(problem => problem.Format("cluster-desc.yml"));

    private static IReadOnlyList<Tests.Rendering.RenderedText> Files(Snapshot snapshot, int node) =>
        RenderedFiles.OfCloudConfig(snapshot.CloudConfig(snapshot.Cluster.Nodes[node], NodeSecrets.Specimen));
}
