using System.Globalization;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Loaders;

/// <summary>Scripts for iPXE (ipxe.org/scripting). It takes them over HTTP, so they are made when it asks.</summary>
internal static class IpxeScript
{
    /// <summary>
    /// The first one, the same for every machine, as matchbox gives it, but for what may have any character in it, a serial
    /// number such as SN#12: iPXE fills in what it knows of the machine and asks again.
    /// </summary>
    public const string First = """
        #!ipxe
        chain ipxe?uuid=${uuid}&mac=${mac:hexhyp}&domain=${domain:uristring}&hostname=${hostname:uristring}&serial=${serial:uristring}&arch=${buildarch:uristring}

        """;

    /// <summary>
    /// The same for machines that our own DHCP lines send here: they come back to it, so they may be told to try again.
    /// </summary>
    public static readonly string Start = First.Replace("ipxe?", $"ipxe?{Retry}=yes&", StringComparison.Ordinal);

    /// <summary>In a query: the machine began at <see cref="Start"/>.</summary>
    public const string Retry = "retry";

    /// <summary>Likewise: see <see cref="WithMemory"/>.</summary>
    public const string Memory = "memory";

    /// <summary>Likewise: the kernel arrived, and this iPXE cannot start it.</summary>
    public const string Unable = "unable";

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    private const string StartAgain = "chain --replace start.ipxe";

    /// <summary>
    /// Leaves iPXE. A BIOS that does not go on to the next device by itself is told to read the first disk; UEFI goes on only
    /// after a failure, and after a success opens its menu (UEFI 2.10, 3.1.1).
    /// </summary>
    public static string LocalDisk(string machine) => $$"""
        #!ipxe
        echo {{machine}} is not to be installed: booting from the local disk.
        iseq ${platform} pcbios && sanboot --no-describe --drive 0x80 ||
        exit 1

        """;

    /// <summary>Says why, waits, and asks again from the beginning, until it is answered.</summary>
    public static string Waiting(string machine, Wait wait) => string.Join('\n',
    [
        "#!ipxe",
        ":waiting",
        "echo",
        .. wait.Screen(machine).Select(line => $"echo {line}"),
        string.Create(CultureInfo.InvariantCulture, $"prompt --timeout {Wait.Pause.TotalMilliseconds:F0} Press a key to ask "
            + $"again; in {Wait.Pause.TotalMinutes:F0} minutes it asks by itself. ||"),
        $"{StartAgain} || goto waiting",
        "",
    ]);

    /// <summary>
    /// What iPXE knows of the memory: where each range ends that its firmware lists, in KiB, four bytes, the lowest first (SMBIOS
    /// 3.6, 7.20; a table of type 19 at offset 8). It cannot count itself, so it asks the same again with that, first: whatever
    /// becomes of the rest, it is not asked twice.
    /// </summary>
    /// <param name="query">What it asked, URI-encoded; may be empty.</param>
    public static string WithMemory(string query) => $$"""
        #!ipxe
        chain ipxe?{{Memory}}=${smbios/0.19.8.4:hexraw}-${smbios/1.19.8.4:hexraw}-${smbios/2.19.8.4:hexraw}-${smbios/3.19.8.4:hexraw}{{(query.Length == 0 ? "" : $"&{query}")}}

        """;

    /// <summary>Word for word what matchbox makes of the same.</summary>
    public static string Boot(NetBoot boot) => string.Join('\n', ["#!ipxe", .. Steps(boot), ""]);

    /// <summary>
    /// For a bootstrapper that is started again while its machines load: without it they would go on to the next boot device,
    /// which on a blank machine is none.
    /// </summary>
    /// <param name="query">What it asked, URI-encoded; may be empty.</param>
    public static string BootOrRetry(NetBoot boot, string query) => string.Join('\n',
    [
        "#!ipxe",
        .. Steps(boot).Select(step => $"{step} || goto failed"),
        // Did the kernel not arrive, or does this iPXE not know what a kernel is? VirtualBox' does not.
        ":failed",
        "imgfree",
        $"imgfetch --name kernel {boot.Kernel} || goto lost",
        "imgselect kernel && goto lost ||",
        $"chain --replace ipxe?{Unable}=yes{(query.Length == 0 ? "" : $"&{query}")} || goto lost",
        ":lost",
        "imgfree",
        string.Create(CultureInfo.InvariantCulture, $"echo The bootstrapper did not give all that this machine boots. "
            + $"In {RetryPause.TotalSeconds:F0} seconds it is asked again."),
        string.Create(CultureInfo.InvariantCulture, $"sleep {RetryPause.TotalSeconds:F0}"),
        $"{StartAgain} || goto lost",
        "",
    ]);

    /// <summary>
    /// For an iPXE that cannot start a kernel: one that can, in its place. UEFI starts kernels by itself, so there it is no help.
    /// </summary>
    public static readonly string OtherIpxe = string.Join('\n',
    [
        "#!ipxe",
        "echo This iPXE cannot start the kernel (Exec format error). Another is loaded in its place.",
        string.Create(CultureInfo.InvariantCulture, $"sleep {RetryPause.TotalSeconds:F0}"),
        $"iseq ${{platform}} pcbios && chain --replace {Urls.LoadersPath[1..]}/{Firmware.Bios.Loader} ||",
        StartAgain,
        "",
    ]);

    private static IEnumerable<string> Steps(NetBoot boot) =>
    [
        string.Join(' ', boot.Args.Prepend($"kernel {boot.Kernel}")),
        .. boot.Initrd.Select(file => $"initrd {file}"),
        "boot",
    ];
}
