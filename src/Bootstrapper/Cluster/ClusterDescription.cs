using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Manifests;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>
/// What cluster-desc.yml says, once it is known to make sense. Nothing downstream checks it again,
/// and nothing changes it: a new file gives a new description.
/// </summary>
internal sealed record ClusterDescription(Section From) : Settings
{
    public ClusterDescription()
        : this(Section.None)
    {
    }

    private readonly Network? _network;
    private readonly IReadOnlyList<Network> _networks = NetworksIn(From);

    /// <summary>Address of this machine on the provisioning network; every URL that a node is given starts with it.</summary>
    public IPAddress Bootstrapper { get; init; } = From.Value(ClusterKeys.Bootstrapper);

    /// <summary>Whom we ask for names outside <see cref="DomainName"/>; empty when offline.</summary>
    public IReadOnlyList<IPAddress> UpstreamNameServers { get; init; } = Network.UpstreamOf(From);

    /// <summary>
    /// Where DHCP, TFTP and DNS are served; <c>null</c> for the interface that holds <see cref="Bootstrapper"/>.
    /// </summary>
    public string? Interface { get; init; } = From.Given(ClusterKeys.Interface)?.Value;

    /// <summary>The network that all this is told to: the first, but for what <see cref="SeenFrom(Network)"/> gives.</summary>
    public Network Network { get => _network ?? _networks[0]; init => _network = value; }

    /// <summary>All of them, in file order; the first is that of the top level, where it describes one.</summary>
    public IReadOnlyList<Network> Networks
    {
        get => _networks.Count > 1 || _network is null ? _networks : [_network];
        init => _networks = value;
    }

    public DhcpSettings Dhcp { get; init; } = new(From);

    public Ports Ports { get; init; } = Ports.Of(From);

    /// <summary>
    /// Where the registry itself listens, for this host alone: the program stands before it at the bootstrapper's address. Not at
    /// 127.0.0.1, where a host may have a registry of its own.
    /// </summary>
    public IPEndPoint RegistryAddress => new(
        IPAddress.IsLoopback(Bootstrapper) ? Bootstrapper : IPAddress.Parse("127.50.0.1"), Ports.Registry);

    /// <summary>When a saved description comes into force.</summary>
    public Reload Reload { get; init; } = From.Value(ClusterKeys.Reload);

    public RegistryPush RegistryPush { get; init; } = From.Value(ClusterKeys.RegistryPush);

    /// <summary>Beside the network of the machines, where operators are.</summary>
    public IReadOnlyList<IPNetwork> OperatorsFrom { get; init; } = From.Values(ClusterKeys.OperatorsFrom);

    /// <summary>DNS suffix of every node, without a leading dot.</summary>
    public string DomainName { get; init; } = From.Value(ClusterKeys.DomainName);

    /// <summary>The name by which nodes know the registry, without port; our certificate holds it.</summary>
    public string DockerDomain { get; init; } = From.Value(ClusterKeys.DockerDomain);

    public OperatingSystemSettings Os { get; init; } = new(From);

    public UpdateSettings Updates { get; init; } = new(From);

    public KubernetesSettings Kubernetes { get; init; } = new(From);

    /// <summary>Lines as in <c>authorized_keys</c>, for the user that the operating system logs operators in as.</summary>
    public IReadOnlyList<string> SshAuthorizedKeys { get; init; } = From.Values(ClusterKeys.SshAuthorizedKeys);

    /// <summary>Container images by the part they play (<c>pause</c>, <c>flannel</c> …), as sextant named them.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = From.Table(ClusterKeys.Images);

    /// <summary>What machines load the kernel with of which nothing else is said, unknown ones among them.</summary>
    public BootLoader BootLoader { get; init; } =
        Traits.LoaderFor(From.Value(ClusterKeys.SecureBoot)) ?? From.Value(ClusterKeys.BootLoader);

    /// <summary>Likewise; see <see cref="Traits.SecureBoot"/>.</summary>
    public SecureBoot SecureBoot { get; init; } = From.Value(ClusterKeys.SecureBoot);

    public bool IsSecure => SecureBoot != SecureBoot.Off;

    /// <summary>Whether who asked did so over TLS, and is told our addresses so; see <see cref="SeenOver"/>.</summary>
    public bool IsSeenOverTls { get; private init; }

    public UnknownNodes UnknownNodes { get; init; } = From.Value(ClusterKeys.UnknownNodes);

    public SecretsPolicy Secrets { get; init; } = From.Value(ClusterKeys.Secrets);

    public IReadOnlyList<Profile> Profiles { get; init; } =
        [.. From.Sections(ClusterKeys.Profiles).Select(profile => new Profile(profile))];

    /// <summary>Kubernetes objects that were read beside it.</summary>
    public IReadOnlyList<Manifest> Manifests { get; init; } = [];

    /// <summary>The machines that were planned, in file order.</summary>
    public IReadOnlyList<Node> Nodes { get; init; } = [];

    /// <summary>Ours, each once, the main one first: that of every network that this host is on.</summary>
    public IReadOnlyList<IPAddress> OwnAddresses =>
        [.. Networks.Select(network => network.Bootstrapper).OfType<IPAddress>().Prepend(Bootstrapper).Distinct()];

    /// <summary>For a sentence.</summary>
    public string Subnets => string.Join(", ", Networks.Select(network => network.Subnet));

    /// <summary>Where a network of <c>networks</c> stands, for a problem with it.</summary>
    /// <param name="index">Among <see cref="Networks"/>.</param>
    public string PathOfNetwork(int index) => $"networks[{(Networks[0].Name.Length == 0 ? index - 1 : index)}]";

    /// <summary>Whether an address is one of a machine of ours.</summary>
    public bool IsOfMachines(IPAddress address) => NetworkOf(address) is not null;

    public Network? NetworkOf(IPAddress address) => Networks.FirstOrDefault(network => network.Subnet.Contains(address));

    /// <summary>The one that its address is in, or that it names.</summary>
    public Network NetworkOf(Node node) => (node.Ip is { } ip ? NetworkOf(ip) : null)
        ?? (node.Network is { } name ? Networks.FirstOrDefault(network => network.Name == name) : null)
        ?? Network;

    /// <summary>Whether this host is on a network, and no router is in between.</summary>
    public bool IsOn(Network network) =>
        network.Name.Length == 0 || network.Subnet.Contains(network.Bootstrapper ?? Bootstrapper);

    /// <summary>The same as the machines of a network are told it: our address there, and its servers.</summary>
    public ClusterDescription SeenFrom(Network network) =>
        ReferenceEquals(network, Network) && network.Bootstrapper?.Equals(Bootstrapper) != false ? this : this with
        {
            Network = network,
            Bootstrapper = network.Bootstrapper ?? Bootstrapper,
        };

    /// <inheritdoc cref="SeenFrom(Network)"/>
    public ClusterDescription SeenFrom(Node node) => SeenFrom(NetworkOf(node));

    /// <param name="address">Of a machine; <c>null</c> where none asks.</param>
    /// <inheritdoc cref="SeenFrom(Network)"/>
    public ClusterDescription SeenFrom(IPAddress? address) =>
        address is not null && NetworkOf(address) is { } network ? SeenFrom(network) : this;

    /// <summary>
    /// The same as scripts are told it that are asked for over TLS: whoever verified us once is to go on so. What is asked for
    /// without is told as ever.
    /// </summary>
    public ClusterDescription SeenOver(bool tls) => tls == IsSeenOverTls ? this : this with { IsSeenOverTls = tls };

    private static IReadOnlyList<Network> NetworksIn(Section cluster)
    {
        IReadOnlyList<Network> named = [.. cluster.Sections(ClusterKeys.Networks).Select(Network.Named)];
        return cluster.Has(NetworkKeys.Subnet) || named.Count == 0 ? [new Network(cluster), .. named] : named;
    }
}

/// <summary>TCP ports of our own servers. TFTP, DHCP and DNS keep their well-known ones, which firmware has built in.</summary>
internal sealed record Ports(int Http = 80, int Https = 443, int Registry = 5000)
{
    public static Ports Of(Section cluster) => new(
        cluster.Value(ClusterKeys.HttpPort), cluster.Value(ClusterKeys.HttpsPort), cluster.Value(ClusterKeys.RegistryPort));
}

/// <summary>When what an operator saves comes into force.</summary>
internal enum Reload
{
    /// <summary>By itself.</summary>
    Auto,

    /// <summary>When an operator applies it.</summary>
    Manual,
}

/// <summary>Who may push images under names that nodes do not run from.</summary>
internal enum RegistryPush
{
    /// <summary>Whoever shows an operator's token.</summary>
    Operators,

    /// <summary>Any machine of our network, too.</summary>
    Open,
}

/// <summary>What a machine that the description does not name is told when it asks to boot.</summary>
internal enum UnknownNodes
{
    /// <summary>To try its next boot device.</summary>
    Ignore,

    /// <summary>To run the live system and report what it is.</summary>
    Discover,

    /// <summary>To install as the first profile that is not full.</summary>
    Install,
}

/// <summary>Whether secrets are held back from everyone but the machine they belong to.</summary>
internal enum SecretsPolicy
{
    Guarded,

    /// <summary>
    /// A network card that nobody named will do, as long as it is at the machine's address and is not another node's.
    /// </summary>
    Address,

    /// <summary>Anyone on the network gets them. For networks where addresses cannot be told apart.</summary>
    Open,
}

/// <summary>The top level of cluster-desc.yml.</summary>
internal static class ClusterKeys
{
    private static readonly KeySet Server = new(), Networked = new(), Names = new(), Listeners = new(), Machines = new();

    public static readonly ValueKey<IPAddress> Bootstrapper = Server.Required("bootstrapper", NetworkSyntax.Address,
        "Address of the bootstrapper server on the network that the machines boot from.");

    public static readonly ValueKey<string> Interface = Server.Value("interface", NameSyntax.Interface,
        "Network interface on which DHCP, TFTP and DNS are served. Default: the one that holds the bootstrapper's address.");

    public static readonly ValueKey<Reload> Reload = Server.Value("reload",
        Choice.Of([("auto", Cluster.Reload.Auto), ("manual", Cluster.Reload.Manual)]),
        "When a saved description is in force. auto: within two seconds. manual: when you run 'bootstrapper apply'.",
        fallback: "auto");

    public static readonly SectionListKey Networks = Networked.Sections("networks", NetworkKeys.All,
        "Networks of machines beside the subnet, or in place of it: those of this host, and those whose routers relay DHCP. "
            + "Default: none.");

    public static readonly ValueKey<string> DomainName = Names.Value("domainname", NameSyntax.Domain,
        "DNS domain of the machines.", fallback: "cluster.internal");

    public static readonly ValueKey<string> DockerDomain = Names.Value("dockerdomain", NameSyntax.Domain,
        "Host name of the bootstrapper's registry, without port; it is in the registry's certificate.",
        fallback: "bootstrapper");

    public static readonly ValueKey<int> HttpPort = Listeners.Value("http_port", NetworkSyntax.Port,
        "TCP port on which machines fetch scripts, configurations and images.", fallback: "80");

    public static readonly ValueKey<int> HttpsPort = Listeners.Value("https_port", NetworkSyntax.Port,
        "TCP port of the operators' API and dashboard.", fallback: "443");

    public static readonly ValueKey<int> RegistryPort = Listeners.Value("registry_port", NetworkSyntax.Port,
        "TCP port of the container registry.", fallback: "5000");

    public static readonly ValueKey<RegistryPush> RegistryPush = Listeners.Value("registry_push",
        Choice.Of([("operators", Cluster.RegistryPush.Operators), ("open", Cluster.RegistryPush.Open)]),
        "Who may push images that no node is described to run. operators: who logs in with an operator's token. "
            + "open: any machine of the network, too.",
        fallback: "operators");

    public static readonly ListKey<IPNetwork> OperatorsFrom = Listeners.List("operators_from", NetworkSyntax.Network,
        "Networks beside the subnet from which operators reach API, dashboard and registry. Default: none.");

    public static readonly LinesKey<string> SshAuthorizedKeys = Machines.Lines("ssh_authorized_keys", TextSyntax.SshKey,
        "Public keys of the operators: a list, or a block of text with one key on each line. Default: none.");

    public static readonly TableKey Images = Machines.Table("images", NameSyntax.ImagePart, NameSyntax.Image,
        "Container images by the part they play, such as pause or flannel. Default: none.");

    public static readonly ValueKey<BootLoader> BootLoader = Machines.Value("boot_loader", TraitKeys.Loaders,
        "What machines load the kernel with. auto: iPXE over HTTP. pxelinux: TFTP alone; lpxelinux: HTTP (both BIOS only). "
            + "grub: UEFI only.", fallback: "auto");

    public static readonly ValueKey<SecureBoot> SecureBoot = Machines.Value("secure_boot", SecureBootSyntax.Words,
        "Whether the firmware of machines starts signed programs only. y: then they load the signed shim, the signed GRUB and a "
            + "signed kernel, and nothing else. uki: an image that you signed (docker/uki.sh), and nothing else. UEFI on x86-64.",
        fallback: "n");

    public static readonly ValueKey<bool> FanOut = Machines.Value("fan_out", TextSyntax.Flag,
        "Whether machines that are installed at the same time pass os.image on to one another, so that the bootstrapper sends it "
            + "about once. For os.install_method: raw.", fallback: "n");

    public static readonly ValueKey<UnknownNodes> UnknownNodes = Machines.Value("unknown_nodes",
        Choice.Of([
            ("ignore", Cluster.UnknownNodes.Ignore),
            ("discover", Cluster.UnknownNodes.Discover),
            ("install", Cluster.UnknownNodes.Install)]),
        "What a machine that is not in this file is told when it asks to boot. ignore: to try its next boot device. "
            + "discover: to run the live system, report what it is, and wait to be enrolled. "
            + "install: the same, and it is enrolled as the first profile that is not full.",
        fallback: "ignore");

    public static readonly ValueKey<SecretsPolicy> Secrets = Machines.Value("secrets",
        Choice.Of([("guarded", SecretsPolicy.Guarded), ("address", SecretsPolicy.Address), ("open", SecretsPolicy.Open)]),
        "guarded: a machine's private keys are served only to its own address and network card, and only while it installs. "
            + "address: to its own address, whatever the card, unless that is another node's. open: to anyone.",
        fallback: "guarded");

    public static readonly SectionKey Bmc = Machines.Section("bmc", BmcKeys.Shared,
        "How BMCs are spoken to, where neither a machine nor its profile says otherwise. Default: not at all.");

    public static readonly SectionListKey Profiles = Machines.Sections("profiles", ProfileKeys.All,
        "What several machines have in common. Default: none.");

    public static readonly SectionListKey Nodes = Machines.Sections("nodes", NodeKeys.All,
        "The machines. Required where there are no profiles.");

    public static readonly KeySet All = new(
        Server, NetworkKeys.Extent, DhcpKeys.Range, NetworkKeys.Servers, NetworkKeys.Upstream, Networked, Names, DhcpKeys.Service,
        DhcpKeys.LeaseTime, NetworkKeys.Clock, NetworkKeys.Time, Listeners, OperatingSystemKeys.All, KubernetesTopKeys.All,
        Machines);

    static ClusterKeys()
    {
        foreach (var name in new[] { "centos_version", "download_kernel", "mirror_site", "nginx_root_dir", "set_yum_repo" })
        {
            All.Idle(name, "it belongs to CentOS, which is not supported");
        }

        All.Idle("ceph", "Ceph is not set up");
        All.Idle("gpu_drivers_version", "GPU drivers are not installed");
        All.Idle("set_gpu", "GPU drivers are not installed");
    }
}
