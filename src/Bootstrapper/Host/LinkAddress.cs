using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Bootstrapper.Host;

/// <summary>
/// An address below IP: an interface, a protocol and a hardware address (packet(7), <c>struct sockaddr_ll</c>).
/// </summary>
internal sealed class LinkAddress(int interfaceIndex, ushort protocol, PhysicalAddress? mac = null) : EndPoint
{
    private const int Bytes = 20;

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Packet, Bytes);
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], protocol);
        BitConverter.TryWriteBytes(bytes[4..], interfaceIndex);
        if (mac is not null)
        {
            bytes[11] = (byte)mac.GetAddressBytes().Length;
            mac.GetAddressBytes().CopyTo(bytes[12..]);
        }

        return address;
    }

    /// <summary>Who sent a packet matters to nobody here: what it says does.</summary>
    public override EndPoint Create(SocketAddress socketAddress) => this;
}
