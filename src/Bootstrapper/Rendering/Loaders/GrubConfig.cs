using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Loaders;

/// <summary>Configurations for GRUB 2 (GRUB manual, "Network"), made when it asks.</summary>
internal static class GrubConfig
{
    /// <summary>
    /// What Debian's network GRUB reads first, from where it was loaded itself, the same for every machine: it says what it knows
    /// of the machine and asks again. Without an answer it boots the disk.
    /// </summary>
    public static IEnumerable<Artifact> First(ClusterDescription cluster) =>
        new[] { LoaderChoice.GrubDirectory, LoaderChoice.GrubDirectoryOnArm64 }.Select(directory =>
            new Artifact($"tftpboot/{directory}/grub.cfg", First(Urls.Base(cluster, HostOf(cluster)))));

    /// <summary>The same over HTTP.</summary>
    /// <param name="seen">From where it is asked for.</param>
    public static string FirstOverHttp(ClusterDescription seen) => First(Urls.Base(seen));

    /// <summary>Where we have several addresses, the one that GRUB was loaded from.</summary>
    private static string HostOf(ClusterDescription cluster) =>
        cluster.OwnAddresses.Count == 1 ? $"{cluster.Bootstrapper}" : "$net_default_server";

    private static string First(string url) => $$"""
        # Rendered by bootstrapper from cluster-desc.yml; changes here are lost.
        smbios --type 1 --get-uuid 8 --set uuid
        configfile "{{DevicePath(url)}}/grub?mac=$net_default_mac&uuid=$uuid"
        {{LocalDisk}}
        """;

    /// <summary>
    /// Starts the disk's own loader, from where UEFI would look for it on a disk that it does not know. Leaving GRUB opens the
    /// menu of the firmware, and is for machines without such a disk. That loader looks for its own files where <c>root</c> is:
    /// with Secure Boot GRUB tells it by nothing else from which disk it is.
    /// </summary>
    public const string LocalDisk = """
        if [ "$grub_cpu" = arm64 ]; then loader=/EFI/BOOT/BOOTAA64.EFI; else loader=/EFI/BOOT/BOOTX64.EFI; fi
        search --no-floppy --file --set=disk $loader
        set root=$disk
        chainloader ($root)$loader
        boot
        exit 1

        """;

    /// <summary>GRUB for arm64 has no <c>linuxefi</c>, and would wait ten seconds after it had found that out.</summary>
    private const string WithoutLinuxEfi = "if [ \"$grub_cpu\" = arm64 ]; then default=1; fi\n";

    /// <summary>As matchbox does: what UEFI needs first and, where GRUB has no such commands, what BIOS needs.</summary>
    public static string Boot(NetBoot boot) =>
        boot.IsSigned ? Signed(boot) : Menu(boot, ShellWord.Of, ShellWord.Of, WithoutLinuxEfi);

    /// <summary>For arguments that were written for GRUB, with variables and quotes of its own in them.</summary>
    public static string BootAsWritten(NetBoot boot) => Menu(boot, file => $"\"{file}\"", argument => argument);

    /// <summary>Debian's signed GRUB has no <c>linuxefi</c> either: its <c>linux</c> has shim check the kernel.</summary>
    private static string Signed(NetBoot boot) => $$"""
        echo "Loading kernel"
        linux {{ShellWord.Of(DevicePath(boot.Kernel))}}{{string.Concat(boot.Args.Select(word => $" {ShellWord.Of(word)}"))}}
        {{Initrd("initrd", string.Concat(boot.Initrd.Select(path => $" {ShellWord.Of(DevicePath(path))}")))}}
        boot

        """;

    private static string Menu(NetBoot boot, Func<string, string> file, Func<string, string> argument, string choice = "")
    {
        var kernel = file(DevicePath(boot.Kernel));
        var arguments = string.Concat(boot.Args.Select(word => $" {argument(word)}"));
        var initrd = string.Concat(boot.Initrd.Select(path => $" {file(DevicePath(path))}"));
        return $$"""
            default=0
            fallback=1
            timeout=1
            {{choice}}menuentry "Boot over the network (EFI)" {
              echo "Loading kernel"
              linuxefi {{kernel}}{{arguments}}
              {{Initrd("initrdefi", initrd)}}
            }
            menuentry "Boot over the network (BIOS)" {
              echo "Loading kernel"
              linux {{kernel}}{{arguments}}
              {{Initrd("initrd", initrd)}}
            }

            """;
    }

    /// <summary>Says why, waits, and asks the same again.</summary>
    /// <param name="machine">What it is called.</param>
    /// <param name="url">What it asked.</param>
    public static string Waiting(string machine, string url, Wait wait) => string.Join('\n',
    [
        .. wait.Screen(machine).Append(string.Create(CultureInfo.InvariantCulture, $"Press Esc to ask again; "
            + $"in {Wait.Pause.TotalMinutes:F0} minutes it asks by itself.")).Select(line => $"echo {ShellWord.Of(line)}"),
        string.Create(CultureInfo.InvariantCulture, $"sleep --interruptible {Wait.Pause.TotalSeconds:F0}"),
        $"configfile {ShellWord.Of(DevicePath(url))}",
        "",
    ]);

    private static string Initrd(string command, string files) => files.Length == 0 ? "true" : $"{command}{files}";

    /// <summary>GRUB's way to write a URL: <c>(http,10.0.0.1:8080)/path</c>.</summary>
    private static string DevicePath(string url)
    {
        if (url.Split("://", 2) is not [var scheme, var rest])
        {
            return url;
        }

        var server = rest.Split('/')[0];
        return $"({scheme},{server}){rest[server.Length..]}";
    }
}
