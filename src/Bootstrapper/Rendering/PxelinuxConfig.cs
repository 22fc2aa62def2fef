using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// What pxelinux reads (syslinux wiki, "PXELINUX"): first a file named after the machine's MAC address, in the end <c>default</c>.
/// A machine without a file of its own is not ours, and boots what it would have booted without us.
/// </summary>
internal static class PxelinuxConfig
{
    private const string Template = "pxelinux.template";

    /// <summary>Under <c>tftpboot/</c>, leads to <c>www/</c>.</summary>
    private const string Images = "os/";

    /// <summary>By <c>unknown_nodes</c>: the disk, or the live system, which finds out for itself from which card it was booted.</summary>
    public static Artifact Default(ClusterDescription cluster, TemplateSet templates)
    {
        const string For = "machines that cluster-desc.yml does not name";
        return new("tftpboot/pxelinux.cfg/default", cluster.UnknownNodes == UnknownNodes.Ignore
            ? LocalDisk(For, templates)
            : Network(For, NetBoot.Discovery(cluster, card: null), url => TftpPath(url, cluster), templates));
    }

    /// <summary>For a machine that the description does not name.</summary>
    public static Artifact LocalDisk(MacAddress mac, TemplateSet templates) => new(Bsroot.PxelinuxFile(mac), LocalDisk(mac.ToString(), templates));

    public static Artifact For(Node node, ClusterDescription cluster, TemplateSet templates, BootTarget target)
    {
        var name = $"{node.HostName} ({node.Mac})";
        return new(Bsroot.PxelinuxFile(node.Mac), target == BootTarget.LocalDisk
            ? LocalDisk(name, templates)
            : Network(name, NetBoot.Of(node, cluster), url => node.BootLoader == BootLoader.Lpxelinux ? url : TftpPath(url, cluster), templates));
    }

    private static string LocalDisk(string name, TemplateSet templates) => templates.Render(Template, new { For = name, Boot = false });

    private static string Network(string name, NetBoot boot, Func<string, string> file, TemplateSet templates)
    {
        boot = boot.WithoutInitrdNames();
        return templates.Render(Template, new
        {
            For = name,
            Boot = true,
            Kernel = file(boot.Kernel),
            Initrd = string.Join(',', boot.Initrd.Select(file)),
            boot.Args,
        });
    }

    /// <summary>Files of ours can be had over TFTP as well.</summary>
    private static string TftpPath(string url, ClusterDescription cluster) =>
        url.StartsWith(Urls.Base(cluster) + "/", StringComparison.Ordinal) ? Images + url[(Urls.Base(cluster).Length + 1)..] : url;
}
