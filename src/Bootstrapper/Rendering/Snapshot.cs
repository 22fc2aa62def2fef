using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// A description in force and all that follows from it: what every request is answered from. Immutable; a new file on disk
/// gives a new snapshot.
/// </summary>
internal sealed class Snapshot(ClusterDescription cluster, Bsroot bsroot, TemplateSet templates)
{
    private readonly ClusterModel _shared = new(cluster);

    public ClusterDescription Cluster { get; } = cluster;

    public NodeIndex Nodes { get; } = new(cluster.Nodes);

    /// <summary>The files that dnsmasq, the boot loader and the registry read, but for each node's own boot file.</summary>
    /// <exception cref="RenderingException">A template is broken.</exception>
    public IReadOnlyList<Artifact> Artifacts() =>
    [
        .. DnsmasqConf.Render(Cluster, bsroot, templates),
        PxelinuxConfig.Default(templates),
        GrubConfig.First(Cluster),
        RegistryConf.Render(Cluster, bsroot, templates),
    ];

    /// <param name="server">One of <see cref="Rendering.DhcpSnippet.Files"/>.</param>
    public Artifact DhcpSnippet(string server) => Rendering.DhcpSnippet.Render(server, Cluster, templates);

    /// <param name="uuid">What the machine says of itself, where the description does not know it.</param>
    public NetBoot NetBoot(Node node, Guid? uuid = null) => Rendering.NetBoot.Of(node, Cluster, uuid);

    /// <summary>What tells a node's pxelinux to boot over the network, or from the disk.</summary>
    public Artifact BootFile(Node node, BootTarget target) => PxelinuxConfig.For(node, Cluster, templates, target);

    public string InstallScript(Node node) => Rendering.InstallScript.Render(node, Cluster, templates);

    public string CloudConfig(Node node, NodeSecrets secrets) => Rendering.CloudConfig.Render(node, _shared, secrets, templates);

    /// <summary>Renders everything for every node, as it would be served. Templates differ by node in what they branch on, so one node does not speak for all.</summary>
    public IReadOnlyList<Problem> Check() =>
    [
        .. Try("", () => Artifacts()),
        .. Cluster.Nodes.AsParallel().AsOrdered().SelectMany(node => Try(node.HostName, () =>
        {
            BootFile(node, BootTarget.Install);
            InstallScript(node);
            CloudConfig(node, NodeSecrets.Specimen);
        })).AsSequential().Distinct(SameMistake.Instance),
    ];

    private static IEnumerable<Problem> Try(string node, Action render)
    {
        try
        {
            render();
            return [];
        }
        catch (RenderingException e)
        {
            return [e.ToProblem(node)];
        }
    }

    /// <summary>A mistake in a template shared by a thousand nodes is one mistake, told for the first of them.</summary>
    private sealed class SameMistake : IEqualityComparer<Problem>
    {
        public static readonly SameMistake Instance = new();

        public bool Equals(Problem? x, Problem? y) => x?.File == y?.File && x?.Position == y?.Position && x?.Message == y?.Message;

        public int GetHashCode(Problem problem) => HashCode.Combine(problem.File, problem.Position, problem.Message);
    }
}
