namespace Bootstrapper.Rendering;

/// <summary>Scripts for iPXE (ipxe.org/scripting). It takes them over HTTP, so they are made when it asks.</summary>
internal static class IpxeScript
{
    /// <summary>
    /// The first one, the same for every machine, as matchbox gives it: iPXE fills in what it knows of the machine and asks again.
    /// </summary>
    public const string First = """
        #!ipxe
        chain ipxe?uuid=${uuid}&mac=${mac:hexhyp}&domain=${domain}&hostname=${hostname}&serial=${serial}&arch=${buildarch:uristring}

        """;

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

    /// <summary>Word for word what matchbox makes of the same.</summary>
    public static string Boot(NetBoot boot) => string.Join('\n',
    [
        "#!ipxe",
        string.Join(' ', boot.Args.Prepend($"kernel {boot.Kernel}")),
        .. boot.Initrd.Select(file => $"initrd {file}"),
        "boot",
        "",
    ]);
}
