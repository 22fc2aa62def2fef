using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>
/// A machine and the part it plays. What its profile and the cluster say is already in it: a reader of a
/// node needs to look nowhere else.
/// </summary>
internal sealed record Node(Section From) : Traits(From)
{
    public Node()
        : this(Section.None)
    {
    }

    public MacAddress Mac { get; init; } = From.Value(NodeKeys.Mac);

    /// <summary>One DNS label or more.</summary>
    public string HostName { get; init; } = From.Given(NodeKeys.HostName)?.Value ?? From.Value(NodeKeys.Mac).ToHyphenated();

    /// <summary>The address that DHCP reserves for it; <c>null</c> for whatever is free.</summary>
    public IPAddress? Ip { get; init; } = From.Given(NodeKeys.Ip)?.Value;

    /// <summary>SMBIOS system UUID.</summary>
    public Guid? Uuid { get; init; } = From.Given(NodeKeys.Uuid)?.Value;

    public SerialNumber? Serial { get; init; } = From.Given(NodeKeys.Serial)?.Value;

    public string? Profile { get; init; } = From.Given(NodeKeys.Profile)?.Value;

    /// <summary>Whether <see cref="Traits.Template"/> is one of pxe_coreos, with <c>$variables</c>.</summary>
    public bool HasDollarTemplate { get; init; }

    /// <summary>Whether nothing is installed: it boots over the network every time. So do pxe_coreos' hosts.</summary>
    public bool LivesInMemory => Boot?.MemoryOnly ?? HasDollarTemplate;

    /// <summary>Network interface that flannel uses; <c>null</c> for the one with the default route.</summary>
    public string? FlannelInterface { get; init; } = From.Given(NodeKeys.FlannelInterface)?.Value;

    /// <summary><c>null</c> where the installed machine takes what DHCP gives to its cards.</summary>
    public InstalledNetwork? InstalledNetwork { get; init; } = InstalledNetwork.Of(From);

    /// <summary><c>null</c> where the description has no address of one.</summary>
    public BmcSettings? Bmc { get; init; } = BmcSettings.Of(From);
}

/// <summary>An entry of <c>nodes</c>.</summary>
internal static class NodeKeys
{
    private static readonly KeySet Own = new();

    public static readonly ValueKey<MacAddress> Mac = Own.Required("mac", NetworkSyntax.Mac,
        "Hardware address of the network card that the machine boots from.");

    public static readonly ValueKey<string> HostName = Own.Value("hostname", NameSyntax.NodeName,
        "Host name. Default: the MAC address with hyphens.");

    public static readonly SynonymKey<string> CurrentHostName =
        Own.Synonym("cur_host_name", HostName, "sextant's name for hostname.");

    public static readonly ValueKey<IPAddress> Ip = Own.Value("ip", NetworkSyntax.Address,
        "Address that DHCP keeps for the machine; in the subnet, outside the range. Default: any free one of the range.");

    public static readonly ValueKey<Guid> Uuid = Own.Value("uuid", TextSyntax.Uuid,
        "SMBIOS system UUID, by which the machine is also recognised.");

    public static readonly ValueKey<SerialNumber> Serial = Own.Value("serial", TextSyntax.Serial,
        "SMBIOS serial number, by which the machine is also recognised.");

    public static readonly ValueKey<string> Profile = Own.Value("profile", NameSyntax.ProfileName,
        "Profile from which the machine takes what it does not say itself.");

    public static readonly ValueKey<string> FlannelInterface = Own.Value("flannel_iface", NameSyntax.Interface,
        "Network interface that flannel uses. Default: the one with the default route.");

    public static readonly KeySet All = new(Own, TraitKeys.All);

    static NodeKeys() => All.Idle("ceph_monitor", "Ceph is not set up");
}
