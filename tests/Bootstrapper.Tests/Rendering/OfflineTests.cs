using System.Net;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// A machine without a way out comes up all the same: nothing it is given sends it anywhere but to the bootstrapper and to its
/// own cluster.
/// </summary>
public sealed partial class OfflineTests
{
    /// <summary>Groups of Kubernetes' API, and what labels and annotations begin with: names that nobody dials.</summary>
    private static readonly string[] Groups =
    [
        "apiregistration.k8s.io",
        "apiserver.config.k8s.io",
        "app.kubernetes.io",
        "audit.k8s.io",
        "authentication.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "eventratelimit.admission.k8s.io",
        "events.k8s.io",
        "ingressclass.kubernetes.io",
        "k8s.io",
        "kubelet.config.k8s.io",
        "kubeproxy.config.k8s.io",
        "kubernetes.io",
        "metrics.k8s.io",
        "networking.k8s.io",
        "node-role.kubernetes.io", "node.kubernetes.io", "pod-security.kubernetes.io", "rbac.authorization.k8s.io",
        "pod-security.admission.config.k8s.io",
        "rancher.io",
        "storage.k8s.io",
        "storageclass.kubernetes.io",
        "v1beta1.metrics.k8s.io",
    ];

    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void No_node_is_sent_anywhere_else(string name)
    {
        var snapshot = ScenarioTests.Load(name);
        var elsewhere =
            from node in snapshot.Cluster.Nodes
            from file in RenderedFiles.OfCloudConfig(snapshot.CloudConfig(node, NodeSecrets.Specimen))
                .Concat(RenderedFiles.OfIgnition(snapshot.Ignition(node, NodeSecrets.Specimen)))
            from line in file.Content.Split('\n')
            where !line.TrimStart().StartsWith('#')
            from place in Places(line)
            where !IsOurs(place, snapshot.Cluster, node)
            select $"{node.HostName} {file.Path}: {place} in {line.Trim()}";
        Assert.Empty(elsewhere.Distinct());
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_image_comes_from_the_bootstrappers_registry(string name)
    {
        var snapshot = ScenarioTests.Load(name);
        var images = snapshot.Cluster.Nodes
            .SelectMany(node => RenderedFiles.OfIgnition(snapshot.Ignition(node, NodeSecrets.Specimen)))
            .SelectMany(file => Image().Matches(file.Content)).Select(match => match.Groups["image"].Value).ToList();
        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.StartsWith($"{Urls.Registry(snapshot.Cluster)}/", image, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("curl https://downloads.example.net/x", "downloads.example.net")]
    [InlineData("server 192.0.2.7", "192.0.2.7")]
    [InlineData("image: registry.k8s.io/pause:3", "registry.k8s.io")]
    [InlineData("pool.ntp.org iburst", "pool.ntp.org")]
    public void It_would_have_been_seen(string line, string place)
    {
        var cluster = ScenarioTests.Load("example").Cluster;
        Assert.Contains(Places(line), found => found == place && !IsOurs(found, cluster, cluster.Nodes[0]));
    }

    /// <summary>
    /// Hosts of URLs, addresses, and names under the domains that the world has; not directories named after a host.
    /// </summary>
    private static IEnumerable<string> Places(string line) =>
        Url().Matches(line).Concat(Address().Matches(line)).Concat(Name().Matches(line))
            .Select(match => match.Groups["place"].Value);

    private static bool IsOurs(string place, ClusterDescription cluster, Node node) =>
        !IPAddress.TryParse(place, out var address) ? IsOurName(place, cluster) || IsWord(place, node)
            : IsOurs(address, cluster) || IsOf(address, node.InstalledNetwork);

    private static bool IsOurs(IPAddress address, ClusterDescription cluster) =>
        address.Equals(IPAddress.Any) || IPAddress.IsLoopback(address)
        || cluster.Networks.Select(network => network.Subnet)
            .Concat([cluster.Kubernetes.PodCidr, cluster.Kubernetes.ServiceCidr]).Any(network => network.Contains(address));

    /// <summary>What the description says of the machine's own network.</summary>
    private static bool IsOf(IPAddress address, InstalledNetwork? network) => network?.Links.Any(link =>
        link.Addresses.Any(own => own.Address.Equals(address)) || link.NameServers.Contains(address)
        || address.Equals(link.Gateway)
        || link.Routes.Any(route => route.Via.Equals(address) || route.To.BaseAddress.Equals(address))) == true;

    private static bool IsOurName(string name, ClusterDescription cluster) =>
        name == cluster.DockerDomain || name == cluster.DomainName || name == cluster.Kubernetes.ApiEndpoint
            || name.EndsWith(".cluster.local", StringComparison.Ordinal)
            || name.EndsWith($".{cluster.DomainName}", StringComparison.Ordinal);

    private static bool IsWord(string name, Node node) =>
        Groups.Contains(name) || node.Labels.Keys.Any(label => label.StartsWith($"{name}/", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<!unix|data)://(?<place>[A-Za-z0-9.-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<![\w.-])(?<place>\d{1,3}(\.\d{1,3}){3})(?![\w.])", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\w./-])(?<place>([a-z0-9-]+\.)+(io|com|org|net|dev))(?![\w.-])", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(
        """^\s*(-\s+)?(image: |sandbox_image = )"?(?<image>[^"\s]+)""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Image();
}
