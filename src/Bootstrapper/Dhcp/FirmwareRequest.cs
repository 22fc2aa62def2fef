using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// A DHCP request of firmware as it is on the wire: dnsmasq's log leaves out which card sent it, and how. Firmware has no address
/// yet, and asks everybody (RFC 2131, 4.1). A program on an installed system that has not the rights to forge frames speaks from
/// the system's address; and what a container broadcasts stays in its network.
/// </summary>
internal static class FirmwareRequest
{
    /// <param name="frame">From its Ethernet header on.</param>
    /// <returns>
    /// The card that asks for itself, to everybody, from no address, and through no relay; <c>null</c> for whatever else it is.
    /// </returns>
    public static MacAddress? CardIn(ReadOnlySpan<byte> frame) =>
        UdpFrame.TryRead(frame, out var datagram) && DhcpReader.TryRead(datagram.Payload, out var request) && request.IsRequest
            ? CardIn(datagram, request)
            : null;

    /// <inheritdoc cref="CardIn(ReadOnlySpan{byte})"/>
    public static MacAddress? CardIn(in UdpFrame datagram, in DhcpReader request) =>
        datagram is { IsToAllCards: true, From: 0, To: UdpFrame.Everybody }
            && request.Relay == 0 && request.Card == datagram.Sender
            && request.Type is DhcpMessageType.Discover or DhcpMessageType.Request && NamesArchitecture(request)
            ? request.Card
            : null;

    /// <summary>In the option that is for it, or in the vendor class: some firmware leaves out the one, some the other.</summary>
    private static bool NamesArchitecture(in DhcpReader request) =>
        request.Option(DhcpOptions.ClientArchitecture).Length >= sizeof(ushort)
        || FirmwareClass.ArchitectureIn(Encoding.ASCII.GetString(request.Option(DhcpOptions.VendorClass))) is not null;
}
