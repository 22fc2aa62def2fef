namespace Bootstrapper.Model;

/// <summary>A kind of firmware, by the processor that it names in DHCP, and the iPXE that it can run.</summary>
/// <param name="Architectures">
/// Client system architectures (RFC 4578, 2.1; IANA, "Processor Architecture Types"). UEFI on x86-64 says 7 or, by an old
/// mistake, 9; likewise 16 or 17. The numbers from 15 on are for booting over HTTP.
/// </param>
/// <param name="Loader">
/// A file in <c>tftpboot/</c>; one that leaves the network card to the firmware, which may want it back.
/// </param>
/// <remarks>
/// Whether it takes a URL (UEFI 2.5, "HTTP Boot") or a name for TFTP it says in its vendor class, and there alone: some say the
/// number that goes with the other.
/// </remarks>
internal sealed record Firmware(string Name, IReadOnlyList<int> Architectures, string Loader)
{
    /// <summary>UEFI, which a proxyDHCP server refers to its port 4011 where it boots by PXE.</summary>
    public bool IsUefi => this != Bios;

    public static readonly Firmware Bios = new("bios", [0, 20], "undionly.kpxe");

    public static readonly Firmware X64 = new("x64", [7, 9, 16, 17], "snponly.efi");

    public static readonly Firmware Arm64 = new("arm64", [11, 19], "ipxe-arm64.efi");

    /// <summary>Where Debian has no iPXE for it, the operator puts one there.</summary>
    public static readonly IReadOnlyList<Firmware> All =
    [
        Bios,
        X64,
        new("x86", [6, 15], "ipxe-i386.efi"),
        new("arm32", [10, 18], "ipxe-arm32.efi"),
        Arm64,
    ];

    /// <summary>The kinds that a file in <c>tftpboot/</c> is a loader for; none where it is no loader.</summary>
    public static IReadOnlyList<Firmware> ThatStart(string file) =>
    [
        .. All.Where(kind => kind.Loader == file),
        .. LoaderChoice.All.Where(choice => choice.File == file).Select(choice => choice.Firmware),
    ];
}
