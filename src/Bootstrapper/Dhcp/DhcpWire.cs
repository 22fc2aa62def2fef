using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Bootstrapper.Host;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Frames that come in by an interface and are for a DHCP server, whoever it is, from their Ethernet headers on.
/// </summary>
internal static class DhcpWire
{
    /// <summary>As many octets of a frame as are handed on; a request of firmware has some 400.</summary>
    public const int LargestFrame = 2048;

    private const ushort IPv4 = 0x0800;

    /// <summary>PACKET_OTHERHOST: of a VLAN that is not here, for one; and PACKET_OUTGOING: ours (packet(7)).</summary>
    private const uint OtherHost = 3, Outgoing = 4;

    /// <summary>SOL_SOCKET, SO_BINDTODEVICE, SO_ATTACH_FILTER and SO_RCVBUFFORCE (socket(7)).</summary>
    private const int SocketLevel = 1, BindToDevice = 25, AttachFilter = 26, ReceiveBufferForced = 33;

    /// <summary>In bytes: what some thousand machines send at once that are switched on together.</summary>
    private const int RoomForAStorm = 4 << 20;

    /// <summary>
    /// In the kernel: what machines fetch comes in by the same interface, and must cost no wake-up. As
    /// <c>tcpdump -ddd inbound and udp dst port 67</c>, and for that interface alone: a socket at a card is handed, too, and
    /// without the tag, what came in by the card for a VLAN over it.
    /// </summary>
    /// <param name="unwanted">From which kind of packet on none is let through.</param>
    private static Instruction[] To(int interfaceIndex, ushort port, uint unwanted) =>
    [
        new(0x28, 0, 0, 12), // the frame's type
        new(0x15, 0, 12, IPv4),
        new(0x30, 0, 0, 23), // the protocol
        new(0x15, 0, 10, 17),
        new(0x28, 0, 0, 20), // a fragment that is not the first has no ports
        new(0x45, 8, 0, 0x1fff),
        new(0xb1, 0, 0, 14), // where the IP header ends
        new(0x48, 0, 0, 16), // the port that it is for
        new(0x15, 0, 5, port),
        new(0x20, 0, 0, 0xfffff004), // SKF_AD_PKTTYPE
        new(0x35, 3, 0, unwanted),
        new(0x20, 0, 0, 0xfffff008), // SKF_AD_IFINDEX
        new(0x15, 0, 1, (uint)interfaceIndex),
        new(0x06, 0, 0, LargestFrame),
        new(0x06, 0, 0, 0),
    ];

    /// <summary>Nothing comes through: what the socket is for is its port.</summary>
    private static readonly Instruction[] Nothing = [new(0x06, 0, 0, 0)];

    /// <summary>
    /// Gets frames only from the moment that it is bound, so that none gets past the filter. CAP_NET_RAW is needed for it. It
    /// does not block.
    /// </summary>
    /// <exception cref="SocketException">Rights are lacking, or the interface is gone.</exception>
    public static Socket Open(int interfaceIndex) =>
        Open(interfaceIndex, To(interfaceIndex, UdpFrame.ServerPort, unwanted: OtherHost));

    /// <summary>The same for who plays the clients of many machines, whose cards are others than the interface's.</summary>
    /// <inheritdoc cref="Open(int)"/>
    public static Socket OpenForClients(int interfaceIndex) =>
        Open(interfaceIndex, To(interfaceIndex, UdpFrame.ClientPort, unwanted: Outgoing));

    private static Socket Open(int interfaceIndex, Instruction[] filter)
    {
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        try
        {
            socket.Blocking = false;
            Filter(socket, filter);
            socket.Bind(new LinkAddress(interfaceIndex, IPv4));
            MakeRoomForAStorm(socket);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>The length of a frame that has come; 0 for none.</returns>
    /// <exception cref="SocketException">The interface is down, or gone.</exception>
    public static int Receive(Socket wire, Span<byte> frame)
    {
        var length = wire.Receive(frame, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => length,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    /// <summary>
    /// Has the kernel keep more than usual of what comes while nobody reads. Where that is not allowed, it keeps what it may.
    /// </summary>
    private static void MakeRoomForAStorm(Socket wire)
    {
        try
        {
            wire.SetRawSocketOption(SocketLevel, ReceiveBufferForced, BitConverter.GetBytes(RoomForAStorm));
        }
        catch (SocketException)
        {
            wire.ReceiveBufferSize = RoomForAStorm;
        }
    }

    /// <summary>
    /// The servers' port, which two servers of one interface cannot both have: from it we send to whoever has an address. What
    /// comes in by it is read from the wire.
    /// </summary>
    /// <exception cref="SocketException">Another server has it, the address is gone, or rights are lacking.</exception>
    public static Socket TakePort(string interfaceName, IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Filter(socket, Nothing);
            socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.ASCII.GetBytes(interfaceName + '\0'));
            socket.Bind(new IPEndPoint(address, UdpFrame.ServerPort));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Filter(Socket socket, Instruction[] instructions)
    {
        var program = GCHandle.Alloc(instructions, GCHandleType.Pinned);
        try
        {
            Span<byte> described = stackalloc byte[16]; // struct sock_fprog of 64-bit Linux
            described.Clear();
            MemoryMarshal.Write(described, (ushort)instructions.Length);
            MemoryMarshal.Write(described[8..], program.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, described);
        }
        finally
        {
            program.Free();
        }
    }

    /// <summary><c>struct sock_filter</c>: what to do, how far to jump if so and if not, and with what.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);
}
