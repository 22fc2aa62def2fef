using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Model;

/// <summary>What the nodes of a cluster will ask for, and where our registry has it.</summary>
public sealed class ContainerImagesTests
{
    [Fact]
    public void A_Kubernetes_release_names_the_images_it_was_made_for()
    {
        Assert.Equal(
            [
                "registry.k8s.io/coredns/coredns:v1.12.1",
                "registry.k8s.io/etcd:3.6.4-0",
                "registry.k8s.io/kube-apiserver:v1.34.0",
                "registry.k8s.io/kube-controller-manager:v1.34.0", "registry.k8s.io/kube-proxy:v1.34.0",
                "registry.k8s.io/kube-scheduler:v1.34.0", "registry.k8s.io/pause:3.10.1",
            ],
            Upstream(Kubernetes("1.34.0")).Where(name => name.StartsWith("registry.k8s.io/", StringComparison.Ordinal)));
        Assert.Contains("registry.k8s.io/etcd:3.6.6-0", Upstream(Kubernetes("1.35.0")));
    }

    [Fact]
    public void A_release_that_we_do_not_know_leaves_parts_open_that_the_description_can_name()
    {
        var cluster = Kubernetes("1.99.0");
        Assert.Equal(["coredns", "etcd", "pause"], ContainerImages.Unknown(cluster));
        Assert.Contains("registry.k8s.io/kube-proxy:v1.99.0", Upstream(cluster));

        Assert.Equal(["coredns", "pause"], ContainerImages.Unknown(cluster with { Images = Images("etcd", "quay.io/etcd:v4") }));
    }

    [Fact]
    public void An_ingress_controller_is_needed_only_where_a_node_runs_one()
    {
        Assert.DoesNotContain(Upstream(Sample.Cluster()), name => name.Contains("ingress", StringComparison.Ordinal));
        Assert.Contains(
            Upstream(Sample.Cluster(Sample.Node() with { Roles = NodeRoles.Ingress })),
            name => name.Contains("/ingress-nginx/controller:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("flannel", "cni", false)]
    [InlineData("kube-proxy", "kube-proxy", false)]
    [InlineData("coredns", "coredns", false)]
    [InlineData("metrics-server", "metrics-server", true)]
    [InlineData("local-path-provisioner", "local-path", true)]
    [InlineData("busybox", "local-path", true)]
    public void An_add_on_s_images_are_needed_where_its_switch_says_so(string image, string addon, bool whenChanged)
    {
        var changed = addon switch
        {
            "cni" => new KubernetesSettings { Cni = Cni.None },
            "kube-proxy" => new KubernetesSettings { KubeProxy = KubeProxy.None },
            "coredns" => new KubernetesSettings { Coredns = false },
            "metrics-server" => new KubernetesSettings { MetricsServer = true },
            _ => new KubernetesSettings { LocalPathStorage = true },
        };
        Assert.Equal(!whenChanged, IsThere(Sample.Cluster()));
        Assert.Equal(whenChanged, IsThere(Sample.Cluster() with { Kubernetes = changed }));

        bool IsThere(ClusterDescription cluster) =>
            Upstream(cluster).Any(name => name.Contains($"/{image}:", StringComparison.Ordinal));
    }

    [Fact]
    public void An_image_of_the_description_plays_its_part_and_ours_does_not()
    {
        var upstream = Upstream(Sample.Cluster() with { Images = Images("pause", "example/pause") });
        Assert.Contains("docker.io/example/pause:latest", upstream);
        Assert.DoesNotContain(upstream, name => name.StartsWith("registry.k8s.io/pause:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("registry.k8s.io/pause:3", "bootstrapper:5000/registry.k8s.io/pause:3")]
    [InlineData("hello", "bootstrapper:5000/docker.io/library/hello:latest")]
    [InlineData("registry.example.com:5001/a/b:1", "bootstrapper:5000/registry.example.com_5001/a/b:1")]
    [InlineData("bootstrapper:5000/hello:1", "bootstrapper:5000/hello:1")]
    public void Our_registry_has_the_images_of_each_registry_under_a_path_of_its_own(string upstream, string ours) =>
        Assert.Equal(ours, RegistryMirror.NameOf(ImageReference.Parse(upstream), "bootstrapper:5000").ToString());

    [Fact]
    public void Nodes_are_led_to_our_registry_for_every_registry_that_images_come_from()
    {
        var cluster = Sample.Cluster() with { Images = Images("tool", "registry.example.com:5001/tool:1") };
        var config = new Snapshot(cluster, new Bsroot("/bsroot"), TemplateSet.Of([])).CloudConfig(
            Sample.Node(), NodeSecrets.Specimen);
        Assert.All(ContainerImages.Of(cluster), image =>
        {
            Assert.Contains($"/etc/containerd/certs.d/{image.Upstream.Registry}/hosts.toml", config, StringComparison.Ordinal);
            Assert.Contains(
                $"[host.\"https://bootstrapper:5000/v2/{RegistryMirror.PathOf(image.Upstream.Registry)}\"]",
                config,
                StringComparison.Ordinal);
        });
    }

    /// <summary>containerd 1.7 ignores a hosts.toml that names no host, and then asks the registry of the image's name.</summary>
    [Fact]
    public void Nodes_are_led_to_our_registry_for_every_other_registry_too()
    {
        var config = new Snapshot(Sample.Cluster(), new Bsroot("/bsroot"), TemplateSet.Of([])).CloudConfig(
            Sample.Node(), NodeSecrets.Specimen);
        Assert.Contains("/etc/containerd/certs.d/_default/hosts.toml", config, StringComparison.Ordinal);
        Assert.Contains("[host.\"https://bootstrapper:5000\"]\n", config, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_registry_is_no_mirror_of_itself() =>
        Assert.DoesNotContain(
            RegistryMirror.Of(Sample.Cluster() with { Images = Images("tool", "bootstrapper:5000/tool:1") }),
            registry => registry.Host.StartsWith("bootstrapper", StringComparison.Ordinal));

    private static IReadOnlyList<string> Upstream(ClusterDescription cluster) =>
        [.. ContainerImages.Of(cluster).Select(image => $"{image.Upstream}").Order(StringComparer.Ordinal)];

    private static ClusterDescription Kubernetes(string version) =>
        Sample.Cluster() with { Kubernetes = new KubernetesSettings { Version = version } };

    private static Dictionary<string, string> Images(string part, string image) => new(StringComparer.Ordinal) { [part] = image };
}
