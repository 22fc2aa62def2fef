using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Rendering.Loaders;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.InForce;

/// <summary>
/// A description in force and all that follows from it: what every request is answered from. Immutable; a new file on disk
/// gives a new snapshot.
/// </summary>
/// <param name="digests">Of container images by their whole names, as far as our registry has them.</param>
internal sealed class Snapshot(
    ClusterDescription cluster, Bsroot bsroot, TemplateSet templates, IReadOnlyDictionary<string, string>? digests = null)
{
    public ClusterDescription Cluster { get; } = cluster;

    private TemplateSet Templates => templates;

    /// <summary>
    /// How the files looked before they were read (<see cref="WatchedFiles"/>): a change since then is not in it.
    /// </summary>
    public string Stamp { get; init; } = "";

    /// <summary>cluster-desc.yml as it was read.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the operator may want to fix in it all the same.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];

    /// <summary>What was read with it, where it was good.</summary>
    public FilesBeside Beside { get; init; } = FilesBeside.None;

    /// <summary>Of container images by their whole names, as nodes are told them.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; } = digests ?? ImageDigests.None.Current;

    /// <summary>Whether some nodes came from pxe_coreos, whose machines ask at any path.</summary>
    public bool HasPxeHosts { get; } = cluster.Nodes.Any(node => node.HasDollarTemplate);

    /// <summary>Told by tag, for no digest is known of them: what runs is whatever has the tag then.</summary>
    public IReadOnlyList<ImageReference> ImagesByTag { get; } =
        [.. ContainerImages.Of(cluster).Select(image => image.Pinned(digests)).Where(image => image.Digest is null)];

    /// <summary>Whether our own server gives out the addresses, and not dnsmasq.</summary>
    public bool HasBuiltInDhcp => DhcpServerChoice.IsBuiltIn(Cluster, templates);

    public NodeIndex Nodes { get; } = new(cluster.Nodes);

    /// <summary>What nodes are told to become.</summary>
    public NodeConfigs Configs { get; } = new(cluster, digests, templates);

    /// <summary>The same from another data root, to be compared: its own paths stand in some of the files.</summary>
    public Snapshot For(Bsroot other) => other.Root == bsroot.Root ? this : new Snapshot(Cluster, other, templates, Digests)
    {
        Stamp = Stamp,
        Text = Text,
        Warnings = Warnings,
        Beside = Beside,
    };

    /// <summary>The files that dnsmasq, the boot loader and the registry read, but for each node's own boot file.</summary>
    /// <param name="servedOn">
    /// The interfaces that have our addresses on the host that serves, or the labels of those; <c>null</c> elsewhere.
    /// </param>
    /// <exception cref="RenderingException">A template is broken.</exception>
    public IReadOnlyList<Artifact> Artifacts(bool registryReadOnly = false, IReadOnlyList<string>? servedOn = null) =>
    [
        .. DnsmasqConf.Render(Cluster, bsroot, templates, servedOn),
        PxelinuxConfig.Default(Cluster, templates),
        .. GrubConfig.First(Cluster),
        Registry(registryReadOnly),
    ];

    /// <param name="server">One of <see cref="Rendering.Services.DhcpSnippet.Files"/>.</param>
    public Artifact DhcpSnippet(string server) => Rendering.Services.DhcpSnippet.Render(server, Cluster, templates);

    /// <param name="uuid">What the machine says of itself, where the description does not know it.</param>
    public NetBoot NetBoot(Node node, Guid? uuid = null) => Model.NetBoot.Of(node, Cluster.SeenFrom(node), uuid);

    /// <summary>For a machine that the description does not name.</summary>
    /// <param name="from">Its address.</param>
    public NetBoot Discovery(MacAddress? card, IPAddress? from) => Model.NetBoot.Discovery(Cluster.SeenFrom(from), card);

    public Artifact Registry(bool readOnly) => RegistryConf.Render(Cluster, bsroot, templates, readOnly);

    /// <summary>What tells a node's pxelinux to boot over the network, or from the disk.</summary>
    public Artifact BootFile(Node node, BootTarget target, Wait? wait = null) =>
        PxelinuxConfig.For(node, Cluster.SeenFrom(node), templates, target, wait);

    /// <summary>The same for a machine that the description does not name, and that an operator wants left alone.</summary>
    public Artifact LocalDiskFile(MacAddress mac) => PxelinuxConfig.LocalDisk(mac, templates);

    /// <summary>Likewise, and that the loop guard stopped.</summary>
    /// <param name="machine">What it is called.</param>
    public Artifact WaitFile(MacAddress mac, string machine, Wait wait) => PxelinuxConfig.Waiting(mac, machine, wait, templates);

    /// <param name="asker">Address of the machine that is to run it.</param>
    /// <param name="tls">Whether it asks over TLS, and is to go on so.</param>
    public string FactsScript(IPAddress? asker = null, bool tls = false) =>
        LiveScripts.Facts(Cluster.SeenFrom(asker).SeenOver(tls), templates);

    /// <inheritdoc cref="FactsScript"/>
    public string DiscoverScript(IPAddress? asker = null, bool tls = false) =>
        LiveScripts.Discover(Cluster.SeenFrom(asker).SeenOver(tls), templates);

    /// <inheritdoc cref="FactsScript"/>
    public string StartScript(IPAddress? asker = null, bool tls = false) =>
        LiveScripts.Start(Cluster.SeenFrom(asker).SeenOver(tls), templates);

    /// <param name="shared">The image where it is known as chunks; else the node downloads it as a whole.</param>
    /// <param name="tls">As for <see cref="FactsScript"/>.</param>
    public string InstallScript(Node node, ChunkedImage? shared = null, bool tls = false) =>
        Rendering.InstallScript.Render(node, Cluster.SeenFrom(node).SeenOver(tls), templates, shared);

    /// <summary>
    /// Whether two snapshots have the same script for a node: the values that it is made from say so sooner than the scripts.
    /// </summary>
    /// <param name="templatesAreSame">As <see cref="HasSameTemplates"/>.</param>
    public bool HasSameInstallScript(Node node, Snapshot other, Node otherNode, bool templatesAreSame) =>
        (templatesAreSame && ModelOfScript(node).Equals(other.ModelOfScript(otherNode)))
        || InstallScript(node, ChunkedImage.Specimen) == other.InstallScript(otherNode, ChunkedImage.Specimen);

    /// <summary>With some image in chunks, so that it tells whether the node would take it so.</summary>
    private object ModelOfScript(Node node) =>
        Rendering.InstallScript.ModelOf(node, Cluster.SeenFrom(node), ChunkedImage.Specimen);

    public bool HasSameTemplates(Snapshot other) => templates.IsSameAs(other.Templates);

    /// <summary>For a node whose template is a cloud-config; see <see cref="Traits.HasOwnIgnition"/>.</summary>
    public string CloudConfig(Node node, NodeSecrets secrets) =>
        Configs.Render(node, ConfigFormat.CloudConfig, secrets);

    /// <summary>
    /// What a cloud-config says, whichever language the node is told it in; see <see cref="Traits.HasOwnIgnition"/>.
    /// </summary>
    public NodeConfig Config(Node node, NodeSecrets secrets) =>
        Rendering.Configs.CloudConfig.Read(node, Configs.ModelOf(node, secrets), templates);

    public string Ignition(Node node, NodeSecrets secrets) =>
        Configs.Render(node, ConfigFormat.Ignition, secrets);

    /// <summary>The operator's plain text for the node; <c>null</c> where it has none (<see cref="Traits.Generic"/>).</summary>
    public string? Generic(Node node, NodeSecrets secrets) =>
        node.Generic is { } template ? templates.Render(template, Configs.ModelOf(node, secrets).Scopes) : null;

    /// <summary>
    /// Renders everything as it would be served: for one of all nodes that are described alike, or for every node where a
    /// template of the operator's tells even those apart.
    /// </summary>
    /// <returns>Errors, with which it must not be served, and warnings.</returns>
    public IReadOnlyList<Problem> Check()
    {
        var sound = new SoundConfigs();
        var runaways = 0;
        return
        [
            .. DhcpServerChoice.Check(Cluster, templates),
            .. Try("", () =>
            {
                Artifacts();
                FactsScript();
                DiscoverScript();
                StartScript();
                return [];
            }),
            .. (templates.TellsNodesApart ? Cluster.Nodes : Configs.Alike.OneOfEach).AsParallel().AsOrdered()
                .SelectMany(node => Volatile.Read(ref runaways) > 0 ? [] : Try(node.HostName, () =>
                {
                    BootFile(node, BootTarget.Install);
                    InstallScript(node, ChunkedImage.Specimen);
                    Generic(node, NodeSecrets.Specimen);
                    return CheckConfig(node, sound);
                }, onRunaway: () => Interlocked.Increment(ref runaways))).AsSequential().Distinct(SameMistake.Instance),
        ];
    }

    /// <summary>Once it is read, writing it in either language cannot fail.</summary>
    private IReadOnlyList<Problem> CheckConfig(Node node, SoundConfigs sound)
    {
        if (node.HasOwnIgnition)
        {
            return [.. Rendering.Configs.Ignition.CheckOwn(node, Configs.ModelOf(node, NodeSecrets.Specimen), templates)];
        }

        return Rendering.Configs.CloudConfig.Check(
            node, Configs.ModelOf(node, NodeSecrets.Specimen), templates, sound, Cluster.Updates);
    }

    private static IEnumerable<Problem> Try(string node, Func<IReadOnlyList<Problem>> render, Action? onRunaway = null)
    {
        try
        {
            return render();
        }
        catch (RenderingException e)
        {
            if (e.IsRunaway)
            {
                onRunaway?.Invoke();
            }

            return e.ToProblems(node);
        }
        // Whatever it is, nothing may be served from what throws; and the operator's files brought it about.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return [Problem.Error(node, $"cannot be rendered: {e.GetType().Name}: {e.Message}")];
        }
    }

    /// <summary>A mistake in a template shared by a thousand nodes is one mistake, told for the first of them.</summary>
    private sealed class SameMistake : IEqualityComparer<Problem>
    {
        public static readonly SameMistake Instance = new();

        public bool Equals(Problem? x, Problem? y) =>
            x?.File == y?.File && x?.Position == y?.Position && x?.Message == y?.Message;

        public int GetHashCode(Problem problem) => HashCode.Combine(problem.File, problem.Position, problem.Message);
    }
}
