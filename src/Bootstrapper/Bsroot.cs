using Bootstrapper.Cluster;

namespace Bootstrapper;

/// <summary>The data root that the operator mounts: every path in it, named once.</summary>
/// <param name="Root">Absolute; usually <c>/bsroot</c>.</param>
internal sealed partial record Bsroot(string Root)
{
    public const string DescriptionName = "cluster-desc.yml";

    public string Description => At(DescriptionName);

    public string CaCertificate => At("ca.crt");

    public string CaKey => At("ca.key");

    public string FrontCertificate => At("bootstrapper.crt");

    public string FrontKey => At("bootstrapper.key");

    public string FrontRequest => At("bootstrapper.csr");

    /// <summary>Leaves issued to nodes; key files inside are 0600.</summary>
    public string Tls => At("tls");

    public string DnsmasqConf => At("dnsmasq.conf");

    public string DnsmasqLeases => At("dnsmasq/leases");

    public string RegistryConf => At("registry.yml");

    public string RegistryStorage => At("registry");

    public string TftpRoot => At("tftpboot");

    /// <summary>Files that anyone on the network may fetch.</summary>
    public string Www => At("www");

    public string SigningKeys => At("signing-keys");

    /// <summary>One JSON file per node.</summary>
    public string Inventory => At("inventory");

    /// <summary>What was seen of each machine.</summary>
    public string Timeline => At("timeline");

    /// <summary>Machines that operators took in beside the description.</summary>
    public string Enrolled => At("enrolled.json");

    /// <summary>The token of the operator who may do everything.</summary>
    public string AdminToken => At("admin.token");

    /// <summary>Tokens of other operators, in files named <c>name.role</c>.</summary>
    public string Operators => At("operators");

    /// <summary>Operators' templates; <c>cloud-config.template</c> may also lie in the root itself, where sextant had it.</summary>
    public string Templates => At("templates");

    public string At(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>What the boot loader asks for first: its own file, named after the hardware type and the MAC address.</summary>
    public static string PxelinuxFile(MacAddress mac) => $"tftpboot/pxelinux.cfg/01-{mac.ToHyphenated()}";
}
