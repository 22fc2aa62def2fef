using System.Net;

namespace Bootstrapper.Cluster.Keys;

/// <summary>An entry of <c>nodes</c>.</summary>
internal static class NodeKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<MacAddress> Mac = All.Required("mac", NetworkSyntax.Mac,
        "Hardware address of the network card that the machine boots from.");

    public static readonly ValueKey<string> HostName = All.Value("hostname", NameSyntax.NodeName,
        "Host name. Default: the MAC address with hyphens.");

    public static readonly ValueKey<string> CurrentHostName = All.Value("cur_host_name", NameSyntax.NodeName,
        "sextant's name for hostname.");

    public static readonly ValueKey<IPAddress> Ip = All.Value("ip", NetworkSyntax.Address,
        "Address that DHCP keeps for the machine; in the subnet, outside the range. Default: any free one of the range.");

    public static readonly ValueKey<Guid> Uuid = All.Value("uuid", TextSyntax.Uuid,
        "SMBIOS system UUID, by which the machine is also recognised.");

    public static readonly ValueKey<SerialNumber> Serial = All.Value("serial", TextSyntax.Serial,
        "SMBIOS serial number, by which the machine is also recognised.");

    public static readonly ValueKey<string> Profile = All.Value("profile", NameSyntax.ProfileName,
        "Profile from which the machine takes what it does not say itself.");

    public static readonly ValueKey<string> FlannelInterface = All.Value("flannel_iface", NameSyntax.Interface,
        "Network interface that flannel uses. Default: the one with the default route.");

    public static readonly ValueKey<IPAddress> Bmc = All.Value("bmc", NetworkSyntax.Address,
        "Address of the baseboard management controller.");

    static NodeKeys()
    {
        All.Include(TraitKeys.All);
        All.Idle("ceph_monitor", "Ceph is not set up");
    }
}
