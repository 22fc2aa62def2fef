namespace Bootstrapper.Inventory.Timelines;

/// <summary>What a file that a machine asks for, or a message that it exchanges, says about how far it is.</summary>
internal static class BootStages
{
    private static readonly string[] LiveSystem =
        ["/start.sh", "/install.sh", "/discover.sh", "/facts.sh", "/ignition", "/cloud", "/cloud-config", "/cloud-configs"];

    private static readonly string[] Scripts =
        ["/ipxe", "/grub", "/ipxebootscript", "/boot.ipxe", "/boot.ipxe.0", "/start.ipxe", "/order"];

    private static readonly string[] ScriptFolders =
        ["/pxelinux.cfg/", "/grub/grub.cfg", "/debian-installer/arm64/grub/grub.cfg", "/pixiecore/"];

    private static readonly string[] Loaders = [".0", ".c32", ".efi", ".kpxe", ".pxe", ".lkrn", ".n12"];

    /// <summary>Shim asks for such where it was loaded from, and needs none; in shim 15 no more is in the names.</summary>
    private static readonly string[] OfShim = ["revocations", "shim_certificate"];

    private static readonly string[] Kernels = ["vmlinuz", "kernel", "bzImage", "initrd", ".cpio"];

    /// <summary>As the installers of Debian and Ubuntu have it; it is a part of many other names.</summary>
    private const string KernelOfInstallers = "/linux";

    /// <param name="path">As in a URL, or below <c>tftpboot/</c> with a slash before it.</param>
    public static BootStage OfFile(string path) =>
        LiveSystem.Any(start => $"{path}/".StartsWith(start + "/", StringComparison.OrdinalIgnoreCase)) ? BootStage.LiveSystem
        : Scripts.Contains(path, StringComparer.OrdinalIgnoreCase)
            || ScriptFolders.Any(start => path.StartsWith(start, StringComparison.OrdinalIgnoreCase)) ? BootStage.Script
        : Loaders.Any(end => path.EndsWith(end, StringComparison.Ordinal)) ? BootStage.Loader
        : Kernels.Any(part => path.Contains(part, StringComparison.Ordinal))
            || path.EndsWith(KernelOfInstallers, StringComparison.Ordinal) ? BootStage.Kernel
        : BootStage.None;

    /// <summary>
    /// Of a GET, and over TFTP. Who asks for a script, or for what shim asks for, runs already, whatever the answer; a program to
    /// run must have been there.
    /// </summary>
    public static BootStage OfFetch(string path, bool succeeded) =>
        OfFile(path) is var stage && stage is BootStage.Loader or BootStage.Kernel && !succeeded && !IsOfShim(path)
            ? BootStage.None
            : stage;

    /// <summary>Whether it is a file that nobody asks for but a shim that runs.</summary>
    /// <inheritdoc cref="OfFile" path="/param"/>
    public static bool IsOfShim(string path) => path.EndsWith(".efi", StringComparison.Ordinal)
        && Path.GetFileName(path) is var name && OfShim.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    /// <param name="message">As dnsmasq names it.</param>
    public static BootStage OfDhcp(string message) => message switch
    {
        "DHCPDISCOVER" => BootStage.Asked,
        "DHCPOFFER" => BootStage.Offered,
        "DHCPACK" or "PXE" => BootStage.Addressed,
        _ => BootStage.None,
    };
}
