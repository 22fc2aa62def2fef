using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Loaders;

/// <summary>
/// What pxelinux reads (syslinux wiki, "PXELINUX"): first a file named after the machine's MAC address, in the end
/// <c>default</c>. A machine without a file of its own is not ours, and boots what it would have booted without us.
/// </summary>
internal static class PxelinuxConfig
{
    private const string Template = "pxelinux.template";

    /// <summary>Under <c>tftpboot/</c>, leads to <c>www/</c>.</summary>
    private const string Images = "os/";

    /// <summary>
    /// By <c>unknown_nodes</c>: the disk, or the live system, which finds out for itself from which card it was booted.
    /// </summary>
    public static Artifact Default(ClusterDescription cluster, TemplateSet templates)
    {
        const string For = "machines that cluster-desc.yml does not name";
        return new("tftpboot/pxelinux.cfg/default", cluster.UnknownNodes == UnknownNodes.Ignore
            ? LocalDisk(For, templates)
            : Network(For, NetBoot.Discovery(cluster, card: null), url => TftpPath(url, cluster), templates));
    }

    /// <summary>For a machine that the description does not name.</summary>
    public static Artifact LocalDisk(MacAddress mac, TemplateSet templates) =>
        new(Bsroot.PxelinuxFile(mac), LocalDisk(mac.ToString(), templates));

    /// <param name="wait">Why it is told to wait instead, if it is.</param>
    public static Artifact For(Node node, ClusterDescription cluster, TemplateSet templates, BootTarget target, Wait? wait = null)
    {
        var name = $"{node.HostName} ({node.Mac})";
        return wait is not null ? Waiting(node.Mac, node.HostName, wait, templates)
            : new(Bsroot.PxelinuxFile(node.Mac), target == BootTarget.LocalDisk ? LocalDisk(name, templates)
                : Network(
                    name,
                    NetBoot.Of(node, cluster),
                    url => node.BootLoader == BootLoader.Lpxelinux ? url : TftpPath(url, cluster),
                    templates));
    }

    /// <param name="machine">What it is called, node or not.</param>
    public static Artifact Waiting(MacAddress mac, string machine, Wait wait, TemplateSet templates) =>
        new(Bsroot.PxelinuxFile(mac), templates.Render(Template, new
        {
            For = $"{machine} ({mac})",
            Held = wait.Screen(machine).OrNull(),
            Pause = (int)Wait.Pause.TotalSeconds * 10,
            PauseMinutes = (int)Wait.Pause.TotalMinutes,
            File = $"pxelinux.cfg/01-{mac.ToHyphenated()}",
        }));

    private static string LocalDisk(string name, TemplateSet templates) =>
        templates.Render(Template, new { For = name, Held = (string?)null, Boot = false });

    private static string Network(string name, NetBoot boot, Func<string, string> file, TemplateSet templates)
    {
        boot = boot.WithoutInitrdNames();
        return templates.Render(Template, new
        {
            For = name,
            Held = (string?)null,
            Boot = true,
            Kernel = file(boot.Kernel),
            Initrd = string.Join(',', boot.Initrd.Select(file)).OrNull(),
            Args = boot.Args.OrNull(),
        });
    }

    /// <summary>Files of ours are available over TFTP as well.</summary>
    private static string TftpPath(string url, ClusterDescription cluster) =>
        Urls.BelowWww(cluster, url) is { } path ? Images + path : url;
}
