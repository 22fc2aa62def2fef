using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Http;

/// <summary>Has the kernel keep the first frame of each connection, and looks at it (linux/tcp.h).</summary>
internal static class KeptSyn
{
    private const int Save = 27, Saved = 28; // TCP_SAVE_SYN, TCP_SAVED_SYN
    private const int WithLinkHeader = 2, EthernetLength = 14, SourceAt = 6;

    /// <summary>Of an Ethernet, an IP and a TCP header.</summary>
    private const int Longest = EthernetLength + 60 + 60;

    /// <param name="listening">Not listening yet.</param>
    /// <returns>Whether the kernel does: since Linux 5.10.</returns>
    public static bool TryAsk(Socket listening)
    {
        Span<byte> how = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(how, WithLinkHeader);
        try
        {
            listening.SetRawSocketOption((int)SocketOptionLevel.Tcp, Save, how);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <param name="connection">Just accepted: the kernel tells it once.</param>
    /// <exception cref="SocketException">The connection is closed.</exception>
    public static Opening Of(Socket connection)
    {
        Span<byte> frame = stackalloc byte[Longest];
        return new Opening(CardIn(frame[..connection.GetRawSocketOption((int)SocketOptionLevel.Tcp, Saved, frame)]));
    }

    /// <summary>The link's header has no length of its own: it is what the IP and the TCP header behind it leave.</summary>
    internal static MacAddress? CardIn(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetLength + 20 || frame[EthernetLength] >> 4 != 4)
        {
            return null;
        }

        var tcpAt = EthernetLength + ((frame[EthernetLength] & 15) * 4);
        var isEthernet = tcpAt + 12 < frame.Length && tcpAt + ((frame[tcpAt + 12] >> 4) * 4) == frame.Length;
        return isEthernet
            ? MacAddress.Of(frame[SourceAt..])
            : null;
    }
}
