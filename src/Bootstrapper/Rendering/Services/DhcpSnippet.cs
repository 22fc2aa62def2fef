using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Services;

/// <summary>
/// What an operator puts into the configuration of a DHCP server of their own: the lines that <c>dhcp: off</c> leaves to it.
/// </summary>
internal static class DhcpSnippet
{
    /// <summary>Servers that there is one for, with the file that it goes into.</summary>
    public static readonly IReadOnlyDictionary<string, string> Files = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["dnsmasq"] = "dnsmasq-snippet.conf",
        ["isc"] = "dhcpd-snippet.conf",
        ["kea"] = "kea-snippet.json",
    };

    /// <param name="server">One of <see cref="Files"/>.</param>
    /// <exception cref="RenderingException">The template is broken.</exception>
    public static Artifact Render(string server, ClusterDescription cluster, TemplateSet templates) =>
        new(Files[server], templates.Render(
            $"dhcp-{server}.template",
            new
            {
                Boot = new DhcpBoot(cluster, hasTags: false),
                Lines = DnsmasqConf.BootLines(cluster, templates, hasTags: false),
            }));
}
