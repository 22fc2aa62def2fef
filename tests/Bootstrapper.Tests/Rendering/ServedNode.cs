using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Tests.Rendering;

/// <summary>A node of a scenario, and all that it is served.</summary>
internal sealed record ServedNode(string Scenario, Node Node, string InstallScript, string CloudConfig, string Ignition)
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<ServedNode>> Rendered = new(StringComparer.Ordinal);

    public string Name => $"{Scenario}/{Node.HostName}";

    /// <summary>
    /// What it is read against: the first of its scenario that is a control plane or not, as this one; for that node, the first
    /// such node of the example; for the example's first worker, its first control plane, which alone is read whole.
    /// </summary>
    public ServedNode? Base => new[] { FirstLikeThis(Scenario), FirstLikeThis("example"), AllOf("example")[0] }
        .FirstOrDefault(node => node.Name != Name);

    private bool IsControlPlane => Node.Roles.HasFlag(NodeRoles.KubeMaster);

    public static IReadOnlyList<ServedNode> AllOf(string scenario) => Rendered.GetOrAdd(scenario, Render);

    public static IReadOnlyList<ServedNode> Render(string scenario)
    {
        var snapshot = ScenarioTests.Load(scenario);
        return
        [
            .. snapshot.Cluster.Nodes.Select(node => new ServedNode(
                scenario,
                node,
                snapshot.InstallScript(node),
                snapshot.CloudConfig(node, NodeSecrets.Specimen),
                snapshot.Ignition(node, NodeSecrets.Specimen))),
        ];
    }

    /// <summary>
    /// By path, so that a reviewer reads the diff of a <c>kubelet.yaml</c>: what is served, and under <c>files/</c> what its two
    /// configs write.
    /// </summary>
    public SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["install.sh"] = InstallScript };
        files["cloud-config.yaml"] = CloudConfigParts.TakeOut(CloudConfig, files);
        files["ignition.json"] = IgnitionParts.TakeOut(Ignition, files);
        return files;
    }

    /// <summary>
    /// Its files with another's name and addresses in place of its own, and its own in place of the other's: what then differs
    /// says more than that they are two.
    /// </summary>
    public SortedDictionary<string, string> FilesAs(ServedNode other)
    {
        var pairs = Names(Node).Zip(Names(other.Node)).Where(pair => pair is { First: not null, Second: not null }).ToArray();
        var swapped = pairs.Concat(pairs.Select(pair => (First: pair.Second, Second: pair.First)))
            .DistinctBy(pair => pair.First, StringComparer.Ordinal)
            .ToDictionary(pair => pair.First!, pair => pair.Second!, StringComparer.Ordinal);
        var names = new Regex(
            $@"(?<![\w.-])({string.Join('|', swapped.Keys.Select(Regex.Escape))})(?![\w-])",
            RegexOptions.ExplicitCapture);
        return new(
            Files().ToDictionary(file => file.Key, file => names.Replace(file.Value, name => swapped[name.Value])),
            StringComparer.Ordinal);
    }

    private static string?[] Names(Node node) => [node.Mac.ToString(), node.HostName, node.Ip?.ToString()];

    public static string FilePath(string path) => "files" + path;

    public static string UnitPath(string unit) => FilePath($"/etc/systemd/system/{unit}");

    public static string DropInPath(string unit, string dropIn) => $"{UnitPath(unit)}.d/{dropIn}";

    private ServedNode FirstLikeThis(string scenario) => AllOf(scenario).First(node => node.IsControlPlane == IsControlPlane);
}
