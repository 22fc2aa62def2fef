using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Bootstrapper.Http;

/// <summary>
/// The interface that a connection came in by. The address that it came to does not say it: Linux answers for each of its
/// addresses on every interface.
/// </summary>
internal static class ArrivalInterface
{
    private const int PacketInfo = 8, PacketOptions = 9; // IP_PKTINFO, IP_PKTOPTIONS of ip(7), linux/in.h

    /// <summary>A <c>cmsghdr</c> of 64-bit Linux, and behind it an <c>in_pktinfo</c>, which begins with the interface.</summary>
    private const int HeaderSize = 16, Size = HeaderSize + 12;

    /// <returns>The kernel's number for it, of the last packet of the handshake (tcp_v4_syn_recv_sock).</returns>
    /// <exception cref="SocketException">The connection is closed, or the kernel does not say it.</exception>
    public static int Of(Socket connection)
    {
        Span<byte> yes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(yes, 1);
        connection.SetRawSocketOption((int)SocketOptionLevel.IP, PacketInfo, yes);
        Span<byte> told = stackalloc byte[64];
        return connection.GetRawSocketOption((int)SocketOptionLevel.IP, PacketOptions, told) >= Size
            ? MemoryMarshal.Read<int>(told[HeaderSize..])
            : throw new SocketException((int)SocketError.OperationNotSupported);
    }
}
