using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Rendering.Kubernetes;
using Bootstrapper.Rendering.Loaders;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Bundles;

/// <summary>Renders everything for every node and collects what it names.</summary>
internal sealed class NodeDemands(Snapshot snapshot, IContent content)
{
    private readonly ClusterDescription _cluster = snapshot.Cluster;
    private readonly TextDemands _texts = new(new Hosts(snapshot.Cluster));
    private readonly HashSet<string> _brought =
        snapshot.Cluster.Manifests.Select(KubernetesFiles.PathOf).ToHashSet(StringComparer.Ordinal);

    private readonly string _dnsmasq = snapshot.Artifacts().Single(artifact => artifact.Path == DnsmasqConf.ConfPath).Content;

    public IEnumerable<Demand> All()
    {
        var shared = Shared();
        return _cluster.Nodes.SelectMany(node =>
            shared.Select(demand => demand with { By = demand.By with { Node = node.HostName } }).Concat(Of(node))).Distinct();
    }

    /// <summary>
    /// What the files name that are there once, and are every node's; which loaders a node needs is its own affair.
    /// </summary>
    private List<Demand> Shared() =>
    [
        .. from artifact in snapshot.Artifacts()
           from demand in _texts.Of(artifact.Content, new Claim("", artifact.Path))
           where !BootDemands.IsOurs(demand.Name)
           select demand,
    ];

    private IEnumerable<Demand> Of(Node node) =>
    [
        .. Files(node, DnsmasqConf.ConfPath, BootDemands.OfDnsmasq(_dnsmasq, node)),
        .. OfBootFile(node, snapshot.BootFile(node, BootTarget.Install)),
        .. Of(node, new Document("its iPXE script", IpxeScript.Boot(snapshot.NetBoot(node)))),
        .. node.LivesInMemory ? [] : Installation(node),
        .. Configs(node).SelectMany(document => Of(node, document)),
        .. ContainerImages.Of(_cluster).Select(image =>
            _texts.Of(image.Upstream, new Claim(node.HostName, NamedBy(image)))),
    ];

    private string NamedBy(ContainerImage image) =>
        _cluster.Manifests.FirstOrDefault(file => file.Images.Any(named => $"{named.Reference}" == image.Part)) is { } manifest
            ? $"{BundlePath.Manifests}{manifest.Name}"
            : $"{BundlePath.Description}, images.{image.Part}";

    private IEnumerable<Demand> Installation(Node node) =>
        Of(node, new Document("install.sh", snapshot.InstallScript(node)))
            .Concat(Files(node, "install.sh", InstallerFiles(node)));

    private IEnumerable<Demand> Of(Node node, Document document) =>
        _texts.Of(document.Text, new Claim(node.HostName, document.Name))
            .Concat(Files(node, document.Name, BinaryDemands.Of(document.Text, node, _cluster, content)));

    private IEnumerable<Demand> OfBootFile(Node node, Artifact file) =>
        Of(node, new Document(file.Path, file.Content)).Concat(Files(node, file.Path, BootDemands.OfBootFile(file.Content)));

    private static IEnumerable<Demand> Files(Node node, string document, IEnumerable<string> paths) =>
        paths.Select(path => new Demand(DemandKind.File, path, new Claim(node.HostName, document)));

    /// <summary>
    /// The installer of the live system is told a folder, and asks for three files in it (flatcar-install, option -b).
    /// </summary>
    private IEnumerable<string> InstallerFiles(Node node)
    {
        if (_cluster.Os.InstallMethod != InstallMethod.FlatcarInstall)
        {
            return [];
        }

        var release = $"{BundlePath.Www}{node.Channel}/{_cluster.Os.Version}/";
        var image = ReleaseFiles.Of(_cluster.Os.Name).Image;
        return [$"{release}{image}", $"{release}{image}.sig", $"{release}version.txt"];
    }

    private IEnumerable<Document> Configs(Node node) => node.HasOwnIgnition
        ? [.. IgnitionTexts.Of(snapshot.Ignition(node, NodeSecrets.Specimen)).Select(text => new Document(node.Template, text))]
        : OfConfig(snapshot.Config(node, NodeSecrets.Specimen));

    /// <summary>Of the operator's objects the images alone: URLs in them are of manuals, or of the cluster.</summary>
    private IEnumerable<Document> OfConfig(NodeConfig config) =>
        config.Files.Where(file => !_brought.Contains(file.Path))
            .Select(file => new Document(file.Path, Encoding.UTF8.GetString(file.Bytes())))
            .Concat(config.Units.SelectMany(unit => unit.DropIns.Select(dropIn => dropIn.Content)
                .Append(unit.Content ?? "").Select(text => new Document(unit.Name, text))));

    /// <param name="Name">By which an operator knows it.</param>
    private sealed record Document(string Name, string Text);
}
