using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// What pxelinux reads (syslinux wiki, "PXELINUX"): first a file named after the machine's MAC address, in the end <c>default</c>.
/// A machine without a file of its own is not ours, and boots what it would have booted without us.
/// </summary>
internal static class PxelinuxConfig
{
    private const string Template = "pxelinux.template";

    public static Artifact Default(TemplateSet templates) => new("tftpboot/pxelinux.cfg/default", templates.Render(Template, new
    {
        For = "machines that cluster-desc.yml does not name",
        Install = false,
    }));

    public static Artifact For(Node node, ClusterDescription cluster, TemplateSet templates, BootTarget target)
    {
        var files = ReleaseFiles.Of(cluster.Os.Name);
        return new(Bsroot.PxelinuxFile(node.Mac), templates.Render(Template, new
        {
            For = $"{node.HostName} ({node.Mac})",
            Install = target == BootTarget.Install,
            Release = $"os/{node.Channel}/{cluster.Os.Version}",
            files.Kernel,
            files.Initrd,
            files.Arguments,
            cluster.Os.KernelArguments,
            InstallScript = $"{Urls.Base(cluster)}/install.sh?mac={node.Mac}",
        }));
    }
}
