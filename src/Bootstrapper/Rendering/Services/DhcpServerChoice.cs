using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Services;

/// <summary>Whether dnsmasq gives out the addresses, or our own server.</summary>
internal static class DhcpServerChoice
{
    /// <summary>
    /// Where nobody says who: dnsmasq searches all nodes for each packet, and with more it answers too few that ask together.
    /// </summary>
    public const int MostForDnsmasq = 500;

    /// <summary>Templates that say how dnsmasq does DHCP; our own server has its answers from the description.</summary>
    private static readonly string[] OfDnsmasq =
        ["dnsmasq.conf.template", "dnsmasq-boot.template", "dnsmasq-dhcp-hosts.template", "dnsmasq-dhcp-opts.template"];

    public static bool IsBuiltIn(ClusterDescription cluster, TemplateSet templates) =>
        cluster.Dhcp.Mode == DhcpMode.Server && cluster.Dhcp.Engine switch
        {
            DhcpEngine.BuiltIn => true,
            DhcpEngine.Auto => IsLarge(cluster) && !OfDnsmasq.Any(templates.HasOwn),
            _ => false,
        };

    public static IEnumerable<Problem> Check(ClusterDescription cluster, TemplateSet templates) =>
    [
        .. cluster.Dhcp.Mode != DhcpMode.Server ? [] : cluster.Dhcp.Engine switch
        {
            DhcpEngine.BuiltIn => OfDnsmasq.Where(templates.HasOwn).Select(Unread),
            DhcpEngine.Auto when IsLarge(cluster) =>
                OfDnsmasq.Where(templates.HasOwn).Take(1).Select(template => Slow(template, cluster.Nodes.Count)),
            _ => [],
        },
        .. from needed in NeededOf(cluster, templates)
           where templates.HasOwn(needed.Template) && !templates.OwnMentions(needed.Template, needed.Word)
           select OfOneNetwork(needed.Template, needed.Word, cluster.Networks.Count),
    ];

    /// <summary>What a template must read so that dnsmasq serves every network.</summary>
    private static IEnumerable<(string Template, string Word)> NeededOf(ClusterDescription cluster, TemplateSet templates) =>
        cluster.Networks.Count == 1 || cluster.Dhcp.Mode == DhcpMode.Off || IsBuiltIn(cluster, templates) ? [] :
        [
            ("dnsmasq.conf.template", "Networks"),
            .. cluster.Dhcp.Mode == DhcpMode.Server
                ? [("dnsmasq-dhcp-opts.template", "Networks")]
                : Array.Empty<(string, string)>(),
            .. cluster.OwnAddresses.Count > 1 ? [("dnsmasq-boot.template", "Places")] : Array.Empty<(string, string)>(),
        ];

    private static bool IsLarge(ClusterDescription cluster) => cluster.Nodes.Count > MostForDnsmasq;

    private static Problem Unread(string template) => Problem.Error(
        path: "",
        "is for dnsmasq's DHCP, and is not read with 'dhcp_server: built-in': remove the template, "
            + "or set 'dhcp_server: dnsmasq'") with
    {
        File = template,
    };

    private static Problem OfOneNetwork(string template, string word, int networks) => Problem.Warning(
        path: "",
        $"does not read {word}, and dnsmasq serves one of the {networks} networks alone, or leads all to one address: loop over "
            + $"{word} as the shipped template does, or remove this one") with
    {
        File = template,
    };

    private static Problem Slow(string template, int nodes) => Problem.Warning(
        path: "",
        $"leaves DHCP for {nodes} nodes to dnsmasq, which answers too few that start together: remove the template, and the "
            + "bootstrapper's own server answers; or set 'dhcp_server: dnsmasq', and this is not said") with
    {
        File = template,
    };
}
