using System.Globalization;

namespace Bootstrapper.Dhcp;

/// <summary>How firmware begins its vendor class, DHCP option 60 (RFC 4578, 2; UEFI 2.5, "HTTP Boot").</summary>
internal static class FirmwareClass
{
    private const string ArchitectureMark = "Client:Arch:";

    private static readonly string[] Starts = ["PXE" + ArchitectureMark, "HTTP" + ArchitectureMark];

    /// <returns>The client system architecture (RFC 4578, 2.1); <c>null</c> for what is no firmware.</returns>
    public static int? ArchitectureIn(string vendorClass) =>
        Array.Find(Starts, start => vendorClass.StartsWith(start, StringComparison.Ordinal)) is { } start
            && int.TryParse(
                vendorClass[start.Length..].Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var architecture)
                ? architecture
                : null;
}
