using System.Buffers.Binary;
using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// A UDP datagram with what carries it: Ethernet II and IPv4 (RFC 791, RFC 768). Its sum is not looked at: what comes from a
/// virtual machine of the same host has none yet, and the wire has a better one.
/// </summary>
internal readonly ref struct UdpFrame
{
    /// <summary>Octets before what a datagram carries, as we write it.</summary>
    public const int HeaderLength = IpAt + IpLength + UdpLength;

    public const ushort ServerPort = 67, ClientPort = 68;

    public const uint Everybody = 0xffffffff;

    private const int SourceAt = 6, TypeAt = 12, IpAt = 14, IpLength = 20, UdpLength = 8, MacLength = 6;
    private const int MoreFragments = 0x2000, FragmentOffset = 0x1fff;
    private const ushort IPv4 = 0x0800;
    private const byte Udp = 17;

    private UdpFrame(ReadOnlySpan<byte> frame, UdpPlace place)
    {
        Frame = frame;
        Place = place;
    }

    public ReadOnlySpan<byte> Frame { get; }

    /// <summary>With which a copy of the frame need not be read again.</summary>
    public UdpPlace Place { get; }

    public MacAddress Sender => MacAddress.Of(Frame[SourceAt..]);

    public bool IsToAllCards => !Frame[..MacLength].ContainsAnyExcept((byte)0xff);

    public uint From => Word(Frame, IpAt + 12);

    public uint To => Word(Frame, IpAt + 16);

    public ReadOnlySpan<byte> Payload => Frame.Slice(Place.Start, Place.Length);

    /// <param name="port">Whom it must be for: a DHCP server, where nothing is said.</param>
    /// <returns>Whether it is a whole datagram, and for that port.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out UdpFrame read, ushort port = ServerPort)
    {
        read = default;
        if (frame.Length < HeaderLength || Number(frame, TypeAt) != IPv4 || frame[IpAt] >> 4 != 4 || frame[IpAt + 9] != Udp)
        {
            return false;
        }

        var header = (frame[IpAt] & 15) * 4;
        var start = IpAt + header + UdpLength;
        if (header < IpLength || start > frame.Length || (Number(frame, IpAt + 6) & (MoreFragments | FragmentOffset)) != 0)
        {
            return false;
        }

        var udp = frame[(IpAt + header)..];
        if (Number(udp, 2) != port || Number(udp, 4) < UdpLength)
        {
            return false;
        }

        read = new UdpFrame(frame, new UdpPlace(start, Math.Min(udp.Length, Number(udp, 4)) - UdpLength));
        return true;
    }

    /// <param name="frame">A copy of one that was read.</param>
    /// <param name="place">That of the one.</param>
    public static UdpFrame Of(ReadOnlySpan<byte> frame, UdpPlace place) => new(frame, place);

    /// <summary>Writes before a payload what carries it to a client that has no address yet.</summary>
    /// <param name="frame">With room of <see cref="HeaderLength"/> before the payload.</param>
    /// <param name="to">The card; <c>null</c> for all.</param>
    public static void Write(Span<byte> frame, MacAddress? to, MacAddress from, uint toAddress, uint fromAddress) =>
        Write(frame, to, from, (toAddress, ClientPort), (fromAddress, ServerPort));

    /// <summary>The same of a client that has no address yet, to all servers.</summary>
    /// <param name="frame">With room of <see cref="HeaderLength"/> before the payload.</param>
    public static void WriteToServers(Span<byte> frame, MacAddress from) =>
        Write(frame, to: null, from, (Everybody, ServerPort), (0, ClientPort));

    private static void Write(
        Span<byte> frame,
        MacAddress? to,
        MacAddress from,
        (uint Address, ushort Port) destination,
        (uint Address, ushort Port) source)
    {
        Put(frame, to?.Value ?? 0xffff_ffff_ffff);
        Put(frame[SourceAt..], from.Value);
        Put(frame, TypeAt, IPv4);
        var ip = frame[IpAt..];
        ip[..(IpLength + UdpLength)].Clear();
        ip[0] = 0x45; // version 4, five words
        Put(ip, 2, (ushort)ip.Length);
        (ip[8], ip[9]) = (64, Udp); // how far it may go
        Put(ip, 12, source.Address);
        Put(ip, 16, destination.Address);
        Put(ip, 10, Sum(ip[..IpLength], 0));
        var udp = ip[IpLength..];
        Put(udp, 0, source.Port);
        Put(udp, 2, destination.Port);
        Put(udp, 4, (ushort)udp.Length);
        // the addresses, the protocol and the length are summed up, too
        var sum = Sum(udp, Part(destination.Address) + Part(source.Address) + Udp + (uint)udp.Length);
        Put(udp, 6, sum == 0 ? (ushort)0xffff : sum);
    }

    private static uint Part(uint address) => (address >> 16) + (address & 0xffff);

    /// <summary>The Internet checksum (RFC 1071).</summary>
    private static ushort Sum(ReadOnlySpan<byte> octets, uint sum)
    {
        for (; octets.Length >= 2; octets = octets[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        }

        sum += octets.Length == 1 ? (uint)octets[0] << 8 : 0;
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~((sum & 0xffff) + (sum >> 16));
    }

    private static void Put(Span<byte> octets, ulong mac)
    {
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)(mac >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(octets[2..], (uint)mac);
    }

    private static void Put(Span<byte> octets, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(octets[at..], value);

    private static void Put(Span<byte> octets, int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(octets[at..], value);

    private static ushort Number(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt16BigEndian(octets[at..]);

    private static uint Word(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt32BigEndian(octets[at..]);
}

/// <summary>Where in a frame what a datagram carries stands.</summary>
internal readonly record struct UdpPlace(int Start, int Length)
{
    /// <summary>Our address on the interface that the frame came in by; 0 where nobody said.</summary>
    public uint Arrival { get; init; }
}
