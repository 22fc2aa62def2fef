namespace Bootstrapper.Model;

/// <summary>A kind of firmware, by what it calls itself in DHCP, and the iPXE that it can run.</summary>
/// <param name="Architectures">
/// Client system architectures (RFC 4578, 2.1; IANA, "Processor Architecture Types"). UEFI on x86-64 says 7 or, by an old
/// mistake, 9; likewise 16 or 17.
/// </param>
/// <param name="Loader">
/// A file in <c>tftpboot/</c>; one that leaves the network card to the firmware, which may want it back.
/// </param>
/// <param name="OverHttp">Whether the firmware wants a URL (UEFI 2.5, "HTTP Boot"), and loads that itself.</param>
internal sealed record Firmware(string Name, IReadOnlyList<int> Architectures, string Loader, bool OverHttp = false)
{
    /// <summary>UEFI that boots by PXE, and that a proxyDHCP server refers to its port 4011.</summary>
    public bool IsUefiPxe => !OverHttp && this != Bios;

    public static readonly Firmware Bios = new("bios", [0], "undionly.kpxe");

    public static readonly Firmware X64 = new("x64", [7, 9], "snponly.efi");

    public static readonly Firmware Arm64 = new("arm64", [11], "ipxe-arm64.efi");

    /// <summary>Where Debian has no iPXE for it, the operator puts one there.</summary>
    public static readonly IReadOnlyList<Firmware> All =
    [
        Bios,
        X64,
        new("x86", [6], "ipxe-i386.efi"),
        new("arm32", [10], "ipxe-arm32.efi"),
        Arm64,
        new("http-x86", [15], "ipxe-i386.efi", OverHttp: true),
        new("http-x64", [16, 17], "snponly.efi", OverHttp: true),
        new("http-arm32", [18], "ipxe-arm32.efi", OverHttp: true),
        new("http-arm64", [19], "ipxe-arm64.efi", OverHttp: true),
        new("http-bios", [20], "undionly.kpxe", OverHttp: true),
    ];

    /// <summary>The kinds that a file in <c>tftpboot/</c> is a loader for; none where it is no loader.</summary>
    public static IReadOnlyList<Firmware> ThatStart(string file) =>
    [
        .. All.Where(kind => kind.Loader == file),
        .. LoaderChoice.All.Where(choice => choice.File == file).Select(choice => choice.Firmware),
    ];
}
