using System.Net;

namespace Bootstrapper.Cluster;

/// <summary>
/// A machine and the part it plays. What its profile and the cluster say is already in it: a reader of a
/// node needs to look nowhere else.
/// </summary>
internal sealed record Node
{
    public required MacAddress Mac { get; init; }

    /// <summary>One DNS label or more; default: the MAC address with dashes.</summary>
    public required string HostName { get; init; }

    /// <summary>The address that DHCP reserves for it; <c>null</c> for whatever is free.</summary>
    public IPAddress? Ip { get; init; }

    /// <summary>SMBIOS system UUID.</summary>
    public Guid? Uuid { get; init; }

    public SerialNumber? Serial { get; init; }

    public string? Profile { get; init; }

    public required string Channel { get; init; }

    /// <summary>Name of the cloud-config template; default <c>cloud-config.template</c>.</summary>
    public string Template { get; init; } = DefaultTemplate;

    /// <summary>
    /// Whether <see cref="Template"/> is an Ignition config that the operator wrote: then there is no cloud-config.
    /// </summary>
    public bool HasOwnIgnition => IsIgnition(Template);

    /// <summary>Whether <see cref="Template"/> is one of pxe_coreos, with <c>$variables</c>.</summary>
    public bool HasDollarTemplate { get; init; }

    /// <summary>Whether nothing is installed: it boots over the network every time. So do pxe_coreos' hosts.</summary>
    public bool LivesInMemory => Boot?.MemoryOnly ?? HasDollarTemplate;

    /// <summary>Name of the template of a plain text of the operator's own; <c>null</c> for none.</summary>
    public string? Generic { get; init; }

    /// <summary>What the installer leaves for the installed system to apply.</summary>
    public ConfigFormat Config { get; init; }

    /// <summary>
    /// Such as <c>/dev/sda</c> or <c>/dev/disk/by-id/…</c>; <c>null</c> for the smallest disk that is large enough and has the
    /// marks of <see cref="DiskSelector"/>.
    /// </summary>
    public string? InstallDisk { get; init; }

    public DiskSelector? DiskSelector { get; init; }

    /// <summary>Whether a disk that holds foreign data may be overwritten.</summary>
    public bool Wipe { get; init; }

    /// <summary>What it boots over the network; <c>null</c> for the live system of its release.</summary>
    public BootSettings? Boot { get; init; }

    public BootLoader BootLoader { get; init; }

    /// <summary>
    /// Appended to the kernel command line of what it boots over the network: the cluster's, the profile's, its own.
    /// </summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    public NodeRoles Roles { get; init; }

    /// <summary>Network interface that flannel uses; <c>null</c> for the one with the default route.</summary>
    public string? FlannelInterface { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty;

    /// <summary>Address of its baseboard management controller.</summary>
    public IPAddress? Bmc { get; init; }

    /// <summary>The operator's own values for templates, those of the profile included.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = Empty;

    internal const string DefaultTemplate = "cloud-config.template";

    /// <summary>As matchbox tells them apart.</summary>
    internal static bool IsIgnition(string template) => Path.GetExtension(template) is ".ign" or ".ignition";

    private static readonly IReadOnlyDictionary<string, string> Empty = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>The language in which an installed system is told what to become.</summary>
internal enum ConfigFormat
{
    /// <summary>Applied at every start, by coreos-cloudinit.</summary>
    CloudConfig,

    /// <summary>Applied once, before the first start.</summary>
    Ignition,
}

[Flags]
internal enum NodeRoles
{
    None = 0,
    KubeMaster = 1,
    EtcdMember = 2,

    /// <summary>Runs the ingress controller.</summary>
    Ingress = 4,
}
