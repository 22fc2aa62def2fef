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
        Held = Array.Empty<string>(),
        Boot = false,
    }));

    /// <param name="hold">Why it is told to wait instead, if it is.</param>
    public static Artifact For(Node node, ClusterDescription cluster, TemplateSet templates, BootTarget target, Hold? hold = null)
    {
        var boot = NetBoot.Of(node, cluster).WithoutInitrdNames();
        return new(Bsroot.PxelinuxFile(node.Mac), templates.Render(Template, new
        {
            For = $"{node.HostName} ({node.Mac})",
            Held = hold?.Screen(node.HostName) ?? [],
            Pause = (int)Hold.Pause.TotalSeconds * 10,
            PauseMinutes = (int)Hold.Pause.TotalMinutes,
            File = $"pxelinux.cfg/01-{node.Mac.ToHyphenated()}",
            Boot = target != BootTarget.LocalDisk,
            Kernel = Location(boot.Kernel),
            Initrd = string.Join(',', boot.Initrd.Select(Location)),
            boot.Args,
        }));

        string Location(string url) => node.BootLoader == BootLoader.Lpxelinux ? url : TftpPath(url, cluster);
    }

    /// <summary>Files of ours can be had over TFTP as well.</summary>
    private static string TftpPath(string url, ClusterDescription cluster) =>
        Urls.BelowWww(cluster, url) is { } path ? Images + path : url;
}
