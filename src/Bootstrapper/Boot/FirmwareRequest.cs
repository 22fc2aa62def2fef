using System.Buffers.Binary;
using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Boot;

/// <summary>
/// A DHCP request of firmware as it is on the wire: dnsmasq's log leaves out which card sent it, and how. Firmware has no address
/// yet, and asks everybody (RFC 2131, 4.1). A program on an installed system that has not the rights to forge frames speaks from
/// the system's address; and what a container broadcasts stays in its network.
/// </summary>
internal static class FirmwareRequest
{
    // Ethernet II, IPv4 (RFC 791), UDP and BOOTP (RFC 951)
    private const int SourceAt = 6, TypeAt = 12, IpAt = 14, MacLength = 6, IpLength = 20, UdpLength = 8;
    private const int RelayAt = 24, CardAt = 28;
    private const ushort IPv4 = 0x0800, ServerPort = 67;
    private const byte Udp = 17, BootRequest = 1, Ethernet = 1, Discover = 1, Request = 3;
    private const uint Everybody = 0xffffffff;

    /// <param name="frame">From its Ethernet header on.</param>
    /// <returns>
    /// The card that asks for itself, to everybody, from no address, and through no relay; <c>null</c> for whatever else it is.
    /// </returns>
    public static MacAddress? CardIn(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < IpAt + IpLength || Number(frame, TypeAt) != IPv4 || frame[IpAt] >> 4 != 4 || frame[IpAt + 9] != Udp)
        {
            return null;
        }

        var ip = frame[IpAt..];
        var udp = ip[Math.Min(ip.Length, (ip[0] & 15) * 4)..];
        return udp.Length >= UdpLength && Number(udp, 2) == ServerPort
            && IsOfFirmware(udp[UdpLength..]) && IsFromCard(frame, ip, udp[UdpLength..])
            ? MacAddress.Of(frame[SourceAt..])
            : null;
    }

    private static bool IsFromCard(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> ip, ReadOnlySpan<byte> dhcp) =>
        !frame[..MacLength].ContainsAnyExcept((byte)0xff) && Word(ip, 12) == 0 && Word(ip, 16) == Everybody
        && Word(dhcp, RelayAt) == 0 && MacAddress.Of(frame[SourceAt..]) == MacAddress.Of(dhcp[CardAt..]);

    private static bool IsOfFirmware(ReadOnlySpan<byte> dhcp) =>
        dhcp.Length > DhcpOptions.Start && dhcp[0] == BootRequest && dhcp[1] == Ethernet && dhcp[2] == MacLength
        && Word(dhcp, DhcpOptions.CookieAt) == DhcpOptions.Cookie
        && DhcpOptions.Find(dhcp[DhcpOptions.Start..], DhcpOptions.MessageType) is [Discover or Request]
        && NamesArchitecture(dhcp[DhcpOptions.Start..]);

    /// <summary>In the option that is for it, or in the vendor class: some firmware leaves out the one, some the other.</summary>
    private static bool NamesArchitecture(ReadOnlySpan<byte> options) =>
        DhcpOptions.Find(options, DhcpOptions.ClientArchitecture).Length >= sizeof(ushort)
        || FirmwareClass.ArchitectureIn(
            Encoding.ASCII.GetString(DhcpOptions.Find(options, DhcpOptions.VendorClass))) is not null;

    private static ushort Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
