using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>
/// What cluster-desc.yml says, once it is known to make sense. Nothing downstream checks it again,
/// and nothing changes it: a new file gives a new description.
/// </summary>
internal sealed record ClusterDescription
{
    /// <summary>Address of this machine on the provisioning network; every URL that a node is given starts with it.</summary>
    public required IPAddress Bootstrapper { get; init; }

    /// <summary>
    /// Where DHCP, TFTP and DNS are served; <c>null</c> for the interface that holds <see cref="Bootstrapper"/>.
    /// </summary>
    public string? Interface { get; init; }

    public required Network Network { get; init; }

    public required DhcpSettings Dhcp { get; init; }

    public Ports Ports { get; init; } = new();

    /// <summary>
    /// Where the registry itself listens, for this host alone: the program stands before it at the bootstrapper's address. Not at
    /// 127.0.0.1, where a host may have a registry of its own.
    /// </summary>
    public IPEndPoint RegistryAddress => new(
        IPAddress.IsLoopback(Bootstrapper) ? Bootstrapper : IPAddress.Parse("127.50.0.1"), Ports.Registry);

    public RegistryPush RegistryPush { get; init; } = RegistryPush.Operators;

    /// <summary>Beside the network of the machines, where operators are.</summary>
    public IReadOnlyList<IPNetwork> OperatorsFrom { get; init; } = [];

    /// <summary>DNS suffix of every node, without a leading dot.</summary>
    public required string DomainName { get; init; }

    /// <summary>The name by which nodes know the registry, without port; our certificate holds it.</summary>
    public string DockerDomain { get; init; } = "bootstrapper";

    public OperatingSystemSettings Os { get; init; } = new();

    public UpdateSettings Updates { get; init; } = new();

    public KubernetesSettings Kubernetes { get; init; } = new();

    /// <summary>Lines as in <c>authorized_keys</c>, for the user that the operating system logs operators in as.</summary>
    public IReadOnlyList<string> SshAuthorizedKeys { get; init; } = [];

    /// <summary>Container images by the part they play (<c>pause</c>, <c>flannel</c> …), as sextant named them.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public BootLoader BootLoader { get; init; }

    public UnknownNodes UnknownNodes { get; init; } = UnknownNodes.Ignore;

    public SecretsPolicy Secrets { get; init; } = SecretsPolicy.Guarded;

    public IReadOnlyList<Profile> Profiles { get; init; } = [];

    /// <summary>The machines that were planned, in file order.</summary>
    public IReadOnlyList<Node> Nodes { get; init; } = [];
}

/// <summary>TCP ports of our own servers. TFTP, DHCP and DNS keep their well-known ones, which firmware has built in.</summary>
internal sealed record Ports(int Http = 80, int Https = 443, int Registry = 5000);

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
