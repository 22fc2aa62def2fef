using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Services;

/// <summary>
/// dnsmasq.conf and the directories it reads: DHCP, DNS and TFTP for the provisioning network. See dnsmasq(8), version 2.90.
/// What changes with a node or a server's address lies in the directories, which dnsmasq reads again on SIGHUP; a changed
/// dnsmasq.conf needs a restart.
/// </summary>
/// <remarks>
/// The directories are given to <c>addn-hosts</c>, <c>dhcp-hostsfile</c> and <c>dhcp-optsfile</c>, which read them whole on
/// SIGHUP.
/// <c>dhcp-hostsdir</c> would read a changed file at once, but only add from it, and complain of each line that it has already.
/// </remarks>
internal static class DnsmasqConf
{
    public const string ConfPath = "dnsmasq.conf";
    public const string HostsPath = "dnsmasq/hosts.d/nodes";
    public const string DhcpHostsPath = "dnsmasq/dhcp-hosts.d/nodes";
    public const string DhcpOptionsPath = "dnsmasq/dhcp-opts.d/network";

    /// <summary>
    /// Names of the nodes that our own DHCP server gave an address to; dnsmasq sees at once when the file changes.
    /// </summary>
    public const string LeasedHostsPath = "dnsmasq/leased-hosts.d/nodes";

    /// <summary>
    /// Transfers at once: dnsmasq's own 50 is too few for a rack that is switched on together; each costs a file descriptor.
    /// </summary>
    private const int FewestTransfers = 64, MostTransfers = 4096;

    /// <summary>dnsmasq's own limit, which guards its memory; more only where the network has room for more.</summary>
    private const int FewestLeases = 1000;

    /// <param name="servedOn">
    /// The interfaces that have our addresses, or those addresses' labels; <c>null</c> on a host that does not serve.
    /// </param>
    public static IEnumerable<Artifact> Render(
        ClusterDescription cluster, Bsroot bsroot, TemplateSet templates, IReadOnlyList<string>? servedOn = null) =>
    [
        new(ConfPath, templates.Render(
            "dnsmasq.conf.template", Conf(cluster, bsroot, templates, servedOn ?? InterfacesOf(cluster)))),
        new(HostsPath, templates.Render("dnsmasq-hosts.template", Hosts(cluster))),
        new(DhcpHostsPath, templates.Render("dnsmasq-dhcp-hosts.template", DhcpHosts(cluster))),
        new(DhcpOptionsPath, templates.Render("dnsmasq-dhcp-opts.template", DhcpOptions(cluster))),
    ];

    /// <summary>Which machine is given which boot loader.</summary>
    /// <inheritdoc cref="DhcpBoot(ClusterDescription, bool)"/>
    public static string BootLines(ClusterDescription cluster, TemplateSet templates, bool hasTags) =>
        templates.Render("dnsmasq-boot.template", new DhcpBoot(cluster, hasTags)).TrimEnd();

    /// <summary>dnsmasq takes the label <c>eth0:1</c> for an interface of its own in DNS and TFTP, and not in DHCP.</summary>
    private static IReadOnlyList<string>? Interfaces(IReadOnlyList<string>? names) => names is null ? null
        : [.. names.SelectMany(name => new[] { name.Split(':')[0], name }).Distinct(StringComparer.Ordinal)];

    /// <returns><c>null</c> where the description leaves one out: it is the one that has the address.</returns>
    private static IReadOnlyList<string>? InterfacesOf(ClusterDescription cluster)
    {
        bool IsMain(Network network) => network.Bootstrapper?.Equals(cluster.Bootstrapper) != false;
        var names = cluster.Networks.Where(cluster.IsOn)
            .Select(network => network.Interface ?? (IsMain(network) ? cluster.Interface : null))
            .DefaultIfEmpty(cluster.Interface).ToList();
        return names.Contains(null) ? null : [.. names!];
    }

    private static object Conf(ClusterDescription cluster, Bsroot bsroot, TemplateSet templates, IReadOnlyList<string>? on)
    {
        var pools = DhcpPools.Of(cluster);
        return new
        {
            Bootstrapper = string.Join(',', cluster.OwnAddresses),
            Several = cluster.Networks.Count > 1,
            Interface = Interfaces(on)?[0],
            Interfaces = Interfaces(on),
            Domain = cluster.DomainName,
            Upstream = cluster.UpstreamNameServers.Select(server => server.ToString()).ToList().OrNull(),
            Server = cluster.Dhcp.Mode == DhcpMode.Server && !DhcpServerChoice.IsBuiltIn(cluster, templates),
            Proxy = cluster.Dhcp.Mode == DhcpMode.Proxy,
            Boot = cluster.Dhcp.Mode != DhcpMode.Off && !DhcpServerChoice.IsBuiltIn(cluster, templates),
            Network = cluster.Network.Subnet.BaseAddress.ToString(),
            Netmask = cluster.Network.Netmask.ToString(),
            Broadcast = cluster.Network.Broadcast.ToString(),
            Low = cluster.Network.Range?.Low.ToString(),
            High = cluster.Network.Range?.High.ToString(),
            Lease = DhcpPools.Seconds(cluster.Network.Lease),
            Pools = pools[cluster.Network].ToList(),
            Networks = cluster.Networks.Select(network => new
            {
                SetTag = cluster.Networks.Count > 1 ? $"set:{TagOf(network)}," : null,
                Start = network.Subnet.BaseAddress.ToString(),
                Netmask = network.Netmask.ToString(),
                Broadcast = network.Broadcast.ToString(),
                Pools = pools[network].ToList(),
            }).ToList(),
            Ignore = cluster.UnknownNodes == UnknownNodes.Ignore,
            LeaseMax = Math.Max(FewestLeases, cluster.Networks.Sum(network => network.Range?.Count ?? 0) + cluster.Nodes.Count),
            TftpMax = Math.Clamp(cluster.Nodes.Count * 2, FewestTransfers, MostTransfers),
            ApiAlias = ApiAlias(cluster),
            BootLines = BootLines(cluster, templates, hasTags: true),
            Doctor = MacAddress.Doctor.ToString(),
            bsroot.TftpRoot,
            HostsDirectory = DirectoryOf(bsroot, HostsPath),
            LeasedHostsDirectory = DhcpServerChoice.IsBuiltIn(cluster, templates) ? DirectoryOf(bsroot, LeasedHostsPath) : null,
            DhcpHostsDirectory = DirectoryOf(bsroot, DhcpHostsPath),
            DhcpOptionsDirectory = DirectoryOf(bsroot, DhcpOptionsPath),
            Leases = bsroot.DnsmasqLeases,
        };
    }

    /// <summary>
    /// Where the one control plane has no fixed address its lease says where the API server is; for several the description must.
    /// </summary>
    private static string? ApiAlias(ClusterDescription cluster)
    {
        var endpoint = cluster.Kubernetes.ApiEndpoint;
        if (IPAddress.TryParse(endpoint, out _)
            || cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.KubeMaster)).ToList() is not [{ Ip: null } master])
        {
            return null;
        }

        // dnsmasq puts its domain behind the names of hosts, and not behind these.
        var target = TakenNames.Full(master.HostName, cluster.DomainName);
        var names = new[] { endpoint, TakenNames.Full(endpoint, cluster.DomainName) }.Distinct(StringComparer.Ordinal).ToList();
        return names.Contains(target, StringComparer.Ordinal) ? null : $"{string.Join(',', names)},{target}";
    }

    private static object Hosts(ClusterDescription cluster) => new
    {
        Bootstrapper = cluster.Bootstrapper.ToString(),
        Addresses = cluster.OwnAddresses.Select(address => address.ToString()).ToList(),
        BootstrapperNames = string.Join(
            ' ', new[] { "bootstrapper", cluster.DockerDomain }.Distinct(StringComparer.OrdinalIgnoreCase)),
        Nodes = cluster.Nodes.Where(node => node.Ip is not null)
            .Select(node => new { Ip = node.Ip!.ToString(), Names = Names(node, cluster) }).ToList().OrNull(),
    };

    /// <summary>
    /// A node answers to its host name and, as it did under sextant, to its MAC address with dashes; every control-plane node to
    /// the name of the API server.
    /// </summary>
    private static string Names(Node node, ClusterDescription cluster) =>
        string.Join(' ', new[] { node.HostName, node.Mac.ToHyphenated() }
            .Concat(node.Roles.HasFlag(NodeRoles.KubeMaster) && !IPAddress.TryParse(cluster.Kubernetes.ApiEndpoint, out _)
                ? [cluster.Kubernetes.ApiEndpoint]
                : [])
            .Distinct(StringComparer.OrdinalIgnoreCase));

    private static object DhcpHosts(ClusterDescription cluster) => new
    {
        Nodes = cluster.Nodes.Select(node => new
        {
            Mac = node.Mac.ToString(),
            Loader = LoaderChoice.Of(node.BootLoader) is { } choice ? $",set:{choice.Name}" : null,
            Address = node.Ip is null ? null : $",{node.Ip}",
            node.HostName,
        }).ToList().OrNull(),
    };

    private static object DhcpOptions(ClusterDescription cluster) => new
    {
        Routers = List(cluster.Network.Routers),
        NameServers = List(cluster.Network.NameServers),
        NtpServers = List(cluster.Network.NtpServers),
        Networks = cluster.Networks.Select(network => new
        {
            Tag = cluster.Networks.Count > 1 ? $"tag:{TagOf(network)}," : null,
            Routers = List(network.Routers),
            NameServers = List(network.NameServers),
            NtpServers = List(network.NtpServers),
        }).ToList(),
    };

    /// <summary>What dnsmasq calls a network; its other tags have no hyphen behind <c>net</c>.</summary>
    internal static string TagOf(Network network) => $"net-{network.Name}";

    private static string? List<T>(IEnumerable<T> addresses) => string.Join(',', addresses).OrNull();

    private static string DirectoryOf(Bsroot bsroot, string path) => Path.GetDirectoryName(bsroot.At(path))!;
}
