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
    // Ethernet II, IPv4 (RFC 791), UDP, BOOTP (RFC 951) and DHCP options (RFC 2132)
    private const int SourceAt = 6, TypeAt = 12, IpAt = 14, MacLength = 6, IpLength = 20, UdpLength = 8;
    private const int RelayAt = 24, CardAt = 28, CookieAt = 236, OptionsAt = 240;
    private const ushort IPv4 = 0x0800, ServerPort = 67;
    private const byte Udp = 17, BootRequest = 1, Ethernet = 1, Discover = 1, Request = 3;
    private const byte MessageType = 53, VendorClass = 60, Pad = 0, End = 255;
    private const uint Cookie = 0x63825363, Everybody = 0xffffffff;

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
            ? MacOf(frame[SourceAt..])
            : null;
    }

    private static bool IsFromCard(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> ip, ReadOnlySpan<byte> dhcp) =>
        !frame[..MacLength].ContainsAnyExcept((byte)0xff) && Word(ip, 12) == 0 && Word(ip, 16) == Everybody
        && Word(dhcp, RelayAt) == 0 && MacOf(frame[SourceAt..]) == MacOf(dhcp[CardAt..]);

    private static bool IsOfFirmware(ReadOnlySpan<byte> dhcp) =>
        dhcp.Length > OptionsAt && dhcp[0] == BootRequest && dhcp[1] == Ethernet && dhcp[2] == MacLength
        && Word(dhcp, CookieAt) == Cookie
        && Option(dhcp[OptionsAt..], MessageType) is [Discover or Request]
        && FirmwareClass.ArchitectureIn(Encoding.ASCII.GetString(Option(dhcp[OptionsAt..], VendorClass))) is not null;

    private static ReadOnlySpan<byte> Option(ReadOnlySpan<byte> options, byte wanted)
    {
        while (options.Length >= 2 && options[0] != End)
        {
            var length = options[0] == Pad ? 1 : 2 + options[1];
            if (length > options.Length)
            {
                break;
            }

            if (options[0] == wanted)
            {
                return options[2..length];
            }

            options = options[length..];
        }

        return [];
    }

    private static MacAddress MacOf(ReadOnlySpan<byte> bytes) =>
        new(((ulong)Number(bytes, 0) << 32) | Word(bytes, 2));

    private static ushort Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
