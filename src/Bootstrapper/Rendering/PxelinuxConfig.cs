using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// What pxelinux reads (syslinux wiki, "PXELINUX"): first a file named after the machine's MAC address, in the end <c>default</c>.
/// A machine without a file of its own is not ours, and boots what it would have booted without us.
/// </summary>
internal static class PxelinuxConfig
{
    private const string Template = "pxelinux.template";

    /// <summary>By <c>unknown_nodes</c>: the disk, or the live system of the cluster's own channel.</summary>
    public static Artifact Default(ClusterDescription cluster, TemplateSet templates)
    {
        const string For = "machines that cluster-desc.yml does not name";
        return new("tftpboot/pxelinux.cfg/default", cluster.UnknownNodes == UnknownNodes.Ignore
            ? LocalDisk(For, templates)
            : Live(For, cluster.Os.Channel, "discover.sh", cluster, templates));
    }

    public static Artifact LocalDisk(MacAddress mac, TemplateSet templates) => new(Bsroot.PxelinuxFile(mac), LocalDisk(mac.ToString(), templates));

    public static Artifact For(Node node, ClusterDescription cluster, TemplateSet templates, BootTarget target) =>
        new(Bsroot.PxelinuxFile(node.Mac), target == BootTarget.Install
            ? Live(NameOf(node), node.Channel, $"install.sh?mac={node.Mac}", cluster, templates)
            : LocalDisk(NameOf(node), templates));

    private static string NameOf(Node node) => $"{node.HostName} ({node.Mac})";

    private static string LocalDisk(string name, TemplateSet templates) => templates.Render(Template, new { For = name, Install = false });

    private static string Live(string name, string channel, string script, ClusterDescription cluster, TemplateSet templates)
    {
        var files = ReleaseFiles.Of(cluster.Os.Name);
        return templates.Render(Template, new
        {
            For = name,
            Install = true,
            Release = $"os/{channel}/{cluster.Os.Version}",
            files.Kernel,
            files.Initrd,
            files.Arguments,
            cluster.Os.KernelArguments,
            InstallScript = $"{Urls.Base(cluster)}/{script}",
        });
    }
}
