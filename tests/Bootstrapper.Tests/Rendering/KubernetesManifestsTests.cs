using System.Text.Json;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// What kubectl, which has Kubernetes' own types, makes of the manifests. <c>kubectl create --dry-run=client</c> asks a server
/// which kinds there are; <c>kubectl set --local</c> reads them by the types that are built in, and asks nobody.
/// </summary>
public sealed class KubernetesManifestsTests : IDisposable
{
    /// <summary>The example with those that are off by default, of which no files are expected to the byte.</summary>
    private const string AddOns = "example with add-ons";

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string> Manifests => new()
    {
        { "example", "etcd.yaml" },
        { "example", "manifests/kube-apiserver.yaml" },
        { "example", "manifests/kube-controller-manager.yaml" },
        { "example", "manifests/kube-scheduler.yaml" },
        { "example", "addons/coredns.yaml" },
        { "example", "addons/flannel.yaml" },
        { "example", "addons/ingress.yaml" },
        { "example", "addons/kube-proxy.yaml" },
        { "example", "addons/rbac.yaml" },
        { "sextant", "addons/ingress.yaml" },
        { "sysext", "addons/flannel.yaml" },
        { "sysext", "addons/kube-proxy.yaml" },
        { AddOns, "addons/metrics-server.yaml" },
        { AddOns, "addons/local-path.yaml" },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Manifests))]
    [Trait("Category", "Slow")]
    public async Task Kubectl_knows_every_field_of_it(string scenario, string name)
    {
        foreach (var document in Documents(Content(scenario, name)).Where(document => !IsOfAnotherServer(document)))
        {
            var kind = ((YamlMappingNode)document.RootNode)["kind"].ToString();
            var file = _directory.Write("object.yaml", Text(document));
            if (kind is "Pod" or "Deployment" or "DaemonSet")
            {
                using var known = JsonDocument.Parse(await RealProgram.RunAsync(
                    "kubectl", ["set", "env", "--local", "--kubeconfig=/dev/null", "-f", file, "-o", "json", "CHECKED=y"]));
                AssertHolds(document.RootNode, known.RootElement, kind);
            }
            else
            {
                await AssertIsReadAsAsync(kind, file);
            }
        }
    }

    [Theory]
    [InlineData("addons/metrics-server.yaml", 1)]
    [InlineData("addons/local-path.yaml", 2)]
    public void Their_images_are_of_our_registry(string name, int count)
    {
        var images = Content(AddOns, name).Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("image: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(count, images.Count);
        Assert.All(images, image => Assert.StartsWith("image: \"bootstrapper:5000/", image, StringComparison.Ordinal));
    }

    /// <summary>
    /// Of the API server's part that hands requests on, whose types kubectl does not have. The fields are APIServiceSpec's.
    /// </summary>
    [Fact]
    public void The_API_of_metrics_is_handed_on_to_metrics_server()
    {
        var service = Documents(Content(AddOns, "addons/metrics-server.yaml")).Single(IsOfAnotherServer).RootNode;
        Assert.Equal("APIService", service["kind"].ToString());
        Assert.Equal("v1beta1.metrics.k8s.io", service["metadata"]["name"].ToString());
        Assert.Equal(
            ["group", "groupPriorityMinimum", "insecureSkipTLSVerify", "service", "version", "versionPriority"],
            ((YamlMappingNode)service["spec"]).Children.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("metrics-server", service["spec"]["service"]["name"].ToString());
    }

    /// <summary>It is in a ConfigMap, of which kubectl knows nothing but that it is text.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Kubectl_knows_the_pod_that_makes_directories_of_volumes()
    {
        var pod = Documents(Content(AddOns, "addons/local-path.yaml")).Select(document => document.RootNode)
            .Single(node => node["kind"].ToString() == "ConfigMap")["data"]["helperPod.yaml"].ToString();
        var file = _directory.Write("pod.yaml", pod);
        using var known = JsonDocument.Parse(await RealProgram.RunAsync(
            "kubectl", ["set", "env", "--local", "--kubeconfig=/dev/null", "-f", file, "-o", "json", "CHECKED=y"]));
        AssertHolds(Documents(pod).Single().RootNode, known.RootElement, "Pod");
    }

    private static bool IsOfAnotherServer(YamlDocument document) =>
        document.RootNode["apiVersion"].ToString().StartsWith("apiregistration.k8s.io/", StringComparison.Ordinal);

    [Theory]
    [InlineData("bogus: 1", "Unknown")]
    [InlineData("name: 5", "cannot unmarshal number")]
    public async Task Kubectl_would_have_said_so(string field, string complaint)
    {
        var wrong = $"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{containers: [{{image: x, {field}}}]}}\n";
        var file = _directory.Write("object.yaml", wrong);
        var seen = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var known = JsonDocument.Parse(await RealProgram.RunAsync(
                "kubectl", ["set", "env", "--local", "--kubeconfig=/dev/null", "-f", file, "-o", "json", "CHECKED=y"]));
            AssertHolds(Documents(wrong).Single().RootNode, known.RootElement, "Pod");
        });
        Assert.Contains(complaint, seen.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Kinds that have no environment are refused by their type: it was found, and all that is in it could be read.
    /// </summary>
    private static async Task AssertIsReadAsAsync(string kind, string file)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => RealProgram.RunAsync(
            "kubectl", ["set", "env", "--local", "--kubeconfig=/dev/null", "-f", file, "-o", "json", "CHECKED=y"]));
        Assert.Contains($"does not have a pod template: *v1.{kind}", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A field that its type does not have is left out of the answer.</summary>
    private static void AssertHolds(YamlNode written, JsonElement known, string path)
    {
        switch (written)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                {
                    Assert.True(known.TryGetProperty(key.ToString(), out var field), $"Unknown: {path}.{key}");
                    AssertHolds(value, field, $"{path}.{key}");
                }

                break;
            case YamlSequenceNode sequence:
                Assert.All(sequence.Children.Index(), item => AssertHolds(item.Item, known[item.Index], $"{path}[{item.Index}]"));
                break;
            default:
                Assert.Equal(
                    written.ToString(), known.ValueKind == JsonValueKind.String ? known.GetString() : known.GetRawText());
                break;
        }
    }

    private static IEnumerable<YamlDocument> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents;
    }

    private static string Text(YamlDocument document)
    {
        var text = new StringWriter();
        new YamlStream(document).Save(text, assignAnchors: false);
        return text.ToString();
    }

    internal static Snapshot WithAddOns()
    {
        var cluster = ScenarioTests.Load("example").Cluster;
        var kubernetes = cluster.Kubernetes with { MetricsServer = true, LocalPathStorage = true };
        return new Snapshot(cluster with { Kubernetes = kubernetes }, new Bsroot("/bsroot"), TemplateSet.Of([]));
    }

    private static string Content(string scenario, string name)
    {
        var snapshot = scenario == AddOns ? WithAddOns() : ScenarioTests.Load(scenario);
        return RenderedFiles.OfIgnition(snapshot.Ignition(snapshot.Cluster.Nodes[0], NodeSecrets.Specimen))
            .Single(file => file.Path == $"/etc/kubernetes/{name}").Content;
    }
}
