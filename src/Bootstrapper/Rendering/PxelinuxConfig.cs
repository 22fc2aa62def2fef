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

    public static Artifact Default(TemplateSet templates) => new("tftpboot/pxelinux.cfg/default", templates.Render(Template, new
    {
        For = "machines that cluster-desc.yml does not name",
        Boot = false,
    }));

    public static Artifact For(Node node, ClusterDescription cluster, TemplateSet templates, BootTarget target)
    {
        var boot = NetBoot.Of(node, cluster).WithoutInitrdNames();
        return new(Bsroot.PxelinuxFile(node.Mac), templates.Render(Template, new
        {
            For = $"{node.HostName} ({node.Mac})",
            Boot = target != BootTarget.LocalDisk,
            Kernel = File(boot.Kernel),
            Initrd = string.Join(',', boot.Initrd.Select(File)),
            boot.Args,
        }));

        string File(string url) => node.BootLoader == BootLoader.Lpxelinux ? url : TftpPath(url, cluster);
    }

    /// <summary>Files of ours can be had over TFTP as well.</summary>
    private static string TftpPath(string url, ClusterDescription cluster) =>
        url.StartsWith(Urls.Base(cluster) + "/", StringComparison.Ordinal) ? Images + url[(Urls.Base(cluster).Length + 1)..] : url;
}
