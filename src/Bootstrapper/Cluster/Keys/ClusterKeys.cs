using System.Net;

namespace Bootstrapper.Cluster.Keys;

/// <summary>The top level of cluster-desc.yml.</summary>
internal static class ClusterKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<IPAddress> Bootstrapper = All.Required("bootstrapper", NetworkSyntax.Address,
        "Address of the bootstrapper server on the network that the machines boot from.");

    public static readonly ValueKey<string> Interface = All.Value("interface", NameSyntax.Interface,
        "Network interface on which DHCP, TFTP and DNS are served. Default: the one that holds the bootstrapper's address.");

    public static readonly ValueKey<SubnetText> Subnet = All.Required("subnet", NetworkSyntax.Subnet,
        "The network of the machines, as 10.10.10.0/24, or as 10.10.10.0 with a netmask.");

    public static readonly ValueKey<int> Netmask = All.Value("netmask", NetworkSyntax.Netmask,
        "Size of the subnet, where subnet does not say it.");

    public static readonly ValueKey<IPAddress> Low = All.Value("iplow", NetworkSyntax.Address,
        "First address that DHCP may lease. Required when dhcp is server.");

    public static readonly ValueKey<IPAddress> High = All.Value("iphigh", NetworkSyntax.Address,
        "Last address that DHCP may lease. Required when dhcp is server.");

    public static readonly ListKey<IPAddress> Routers = All.List("routers", NetworkSyntax.Address,
        "Default gateways of the machines. Default: none.");

    public static readonly ValueKey<IPAddress> Broadcast = All.Value("broadcast", NetworkSyntax.Address,
        "Broadcast address of the subnet. Default: its last address.");

    public static readonly ListKey<IPAddress> NameServers = All.List("nameservers", NetworkSyntax.Address,
        "DNS servers of the machines. Default: the bootstrapper.");

    public static readonly ListKey<IPAddress> UpstreamNameServers = All.List("upstreamnameservers", NetworkSyntax.Address,
        "DNS servers that the bootstrapper asks for names that are not its own. "
            + "Default: none, as suits a network without internet.");

    public static readonly ValueKey<string> DomainName = All.Value("domainname", NameSyntax.Domain,
        "DNS domain of the machines.", fallback: "cluster.internal");

    public static readonly ValueKey<string> DockerDomain = All.Value("dockerdomain", NameSyntax.Domain,
        "Host name of the bootstrapper's registry, without port; it is in the registry's certificate.",
        fallback: "bootstrapper");

    public static readonly ValueKey<DhcpMode> Dhcp = All.Value(
        "dhcp", Choice.Of([("server", DhcpMode.Server), ("proxy", DhcpMode.Proxy), ("off", DhcpMode.Off)]),
            "server: give out addresses. proxy: another server does, add only where to boot from. "
                + "off: another server does both. Default: server, or off where start_pxe is n.");

    public static readonly ValueKey<bool> StartPxe = All.Value("start_pxe", TextSyntax.Flag,
        "sextant's name for dhcp: y leaves it alone, n is dhcp: off.");

    public static readonly ValueKey<TimeSpan> Lease = All.Value("lease", TimeSyntax.Lease,
        "How long a machine may keep a leased address without asking again: seconds, or a number with m, h, d or w, or infinite.",
        fallback: "24h");

    public static readonly ValueKey<bool> SetNtp = All.Value("set_ntp", TextSyntax.Flag,
        "Whether machines are told to take the time from the bootstrapper. Has no effect beside ntp_servers.", fallback: "n");

    public static readonly ListKey<IPAddress> NtpServers = All.List("ntp_servers", NetworkSyntax.Address,
        "Servers from which machines take the time. Default: the bootstrapper where set_ntp is y, else none.");

    public static readonly ValueKey<int> HttpPort = All.Value("http_port", NetworkSyntax.Port,
        "TCP port on which machines fetch scripts, configurations and images.", fallback: "80");

    public static readonly ValueKey<int> HttpsPort = All.Value("https_port", NetworkSyntax.Port,
        "TCP port of the operators' API and dashboard.", fallback: "443");

    public static readonly ValueKey<int> RegistryPort = All.Value("registry_port", NetworkSyntax.Port,
        "TCP port of the container registry.", fallback: "5000");

    public static readonly ValueKey<RegistryPush> RegistryPush = All.Value("registry_push",
        Choice.Of([("operators", Cluster.RegistryPush.Operators), ("open", Cluster.RegistryPush.Open)]),
        "Who may push images that no node is described to run. operators: who logs in with an operator's token. "
            + "open: any machine of the network, too.",
        fallback: "operators");

    public static readonly ListKey<IPNetwork> OperatorsFrom = All.List("operators_from", NetworkSyntax.Network,
        "Networks beside the subnet from which operators reach API, dashboard and registry. Default: none.");

    public static readonly ValueKey<OperatingSystemName> OsName = All.Value("os_name",
        Choice.Of(
            [("Flatcar", OperatingSystemName.Flatcar), ("CoreOS", OperatingSystemName.CoreOS)],
            ("CentOS", "is not supported: CentOS 7 has ended; use Flatcar")),
        "Operating system of the machines: Flatcar, or CoreOS from a mirror of your own.", fallback: "Flatcar");

    public static readonly ValueKey<string> Channel = All.Value("coreos_channel", NameSyntax.Channel,
        "Release channel: stable, beta, alpha or lts.", fallback: "stable");

    public static readonly ValueKey<string> Version = All.Value("coreos_version", NameSyntax.Release,
        "A release of the channel, or current for the newest one that the bootstrapper has.", fallback: "current");

    public static readonly SectionKey Os = All.Section("os", OsKeys.All,
        "Where the operating system comes from, and how it gets onto the disk.");

    public static readonly ValueKey<ConfigFormat> Config = All.Value("config", OsKeys.ConfigFormats,
        "Format of the config of an installed machine. cloud-config: applied at every start. "
            + "ignition: applied once, before the first; Flatcar only.", fallback: "cloud-config");

    public static readonly SectionKey CoreOs = All.Section("coreos", CoreOsKeys.All,
        "When installed machines may restart into an update.");

    public static readonly ValueKey<IPNetwork> ServiceCidr = All.Value("k8s_service_cluster_ip_range", NetworkSyntax.Network,
        "sextant's name for kubernetes.service_cidr.");

    public static readonly ValueKey<IPAddress> ClusterDns = All.Value("k8s_cluster_dns", NetworkSyntax.Address,
        "sextant's name for kubernetes.cluster_dns.");

    public static readonly ListKey<IPAddress> MasterAddresses = All.List("kube_master_ip", NetworkSyntax.Address,
        "More addresses under which the API server is reached; its certificate holds them. Default: none.");

    public static readonly ListKey<string> MasterNames = All.List("kube_master_dns", NameSyntax.Domain,
        "More names under which the API server is reached; its certificate holds them. Default: none.");

    public static readonly ValueKey<FlannelBackend> FlannelBackend = All.Value("flannel_backend", KubernetesKeys.Backend,
        "sextant's name for kubernetes.flannel_backend.");

    public static readonly ValueKey<bool> IngressHostNetwork = All.Value("ingress_hostnetwork", TextSyntax.Flag,
        "Whether the ingress controller is in its machine's own network. Otherwise the ports 80 and 443 lead to it.",
        fallback: "n");

    public static readonly SectionKey Kubernetes = All.Section("kubernetes", KubernetesKeys.All,
        "The Kubernetes cluster that the machines form.");

    public static readonly LinesKey<string> SshAuthorizedKeys = All.Lines("ssh_authorized_keys", TextSyntax.SshKey,
        "Public keys of the operators: a list, or a block of text with one key on each line. Default: none.");

    public static readonly TableKey Images = All.Table("images", NameSyntax.ImagePart, NameSyntax.Image,
        "Container images by the part they play, such as pause or flannel. Default: none.");

    public static readonly ValueKey<BootLoader> BootLoader = All.Value("boot_loader", TraitKeys.Loaders,
        "What machines load the kernel with. auto: iPXE over HTTP. pxelinux: TFTP alone; lpxelinux: HTTP (both BIOS only). "
            + "grub: UEFI only.", fallback: "auto");

    public static readonly ValueKey<UnknownNodes> UnknownNodes = All.Value("unknown_nodes",
        Choice.Of([
            ("ignore", Cluster.UnknownNodes.Ignore),
            ("discover", Cluster.UnknownNodes.Discover),
            ("install", Cluster.UnknownNodes.Install)]),
        "What a machine that is not in this file is told when it asks to boot. ignore: to try its next boot device. "
            + "discover: to run the live system, report what it is, and wait to be enrolled. "
            + "install: the same, and it is enrolled as the first profile that is not full.",
        fallback: "ignore");

    public static readonly ValueKey<SecretsPolicy> Secrets = All.Value("secrets",
        Choice.Of([("guarded", SecretsPolicy.Guarded), ("address", SecretsPolicy.Address), ("open", SecretsPolicy.Open)]),
        "guarded: a machine's private keys are served only to its own address and network card, and only while it installs. "
            + "address: to its own address, whatever the card, unless that is another node's. open: to anyone.",
        fallback: "guarded");

    public static readonly SectionListKey Profiles = All.Sections("profiles", ProfileKeys.All,
        "What several machines have in common. Default: none.");

    public static readonly SectionListKey Nodes = All.Sections("nodes", NodeKeys.All,
        "The machines. Required where there are no profiles.");

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
