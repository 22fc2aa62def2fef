using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Services;

/// <summary>Whether dnsmasq gives out the addresses, or our own server.</summary>
internal static class DhcpServerChoice
{
    /// <summary>Templates that say how dnsmasq does DHCP; our own server has its answers from the description.</summary>
    private static readonly string[] OfDnsmasq =
        ["dnsmasq.conf.template", "dnsmasq-boot.template", "dnsmasq-dhcp-hosts.template", "dnsmasq-dhcp-opts.template"];

    public static bool IsBuiltIn(ClusterDescription cluster) =>
        cluster.Dhcp is { Mode: DhcpMode.Server, Engine: DhcpEngine.BuiltIn };

    public static IEnumerable<Problem> Check(ClusterDescription cluster, TemplateSet templates) =>
        IsBuiltIn(cluster) ? OfDnsmasq.Where(templates.HasOwn).Select(Unread) : [];

    private static Problem Unread(string template) => Problem.Error(
        path: "",
        "is for dnsmasq's DHCP, and is not read with 'dhcp_server: built-in': remove the template, "
            + "or set 'dhcp_server: dnsmasq'") with
    {
        File = template,
    };
}
