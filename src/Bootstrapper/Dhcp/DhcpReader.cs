using System.Buffers.Binary;
using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// A DHCP message as it came (RFC 2131, 2): nothing is copied, and no octet is taken on trust. The message has its fixed part.
/// </summary>
internal readonly ref struct DhcpReader
{
    public const byte FromClient = 1, FromServer = 2;

    private const byte Ethernet = 1, EthernetLength = 6, InfiniBand = 32;
    private const ushort BroadcastFlag = 0x8000;

    private readonly ReadOnlySpan<byte> _message;

    private DhcpReader(ReadOnlySpan<byte> message) => _message = message;

    /// <returns>Whether it is one, of a client or a server.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DhcpReader read)
    {
        read = new DhcpReader(message);
        return message.Length > DhcpOptions.Start
            && BinaryPrimitives.ReadUInt32BigEndian(message[DhcpOptions.CookieAt..]) == DhcpOptions.Cookie;
    }

    /// <summary>Whether a client asks, from an Ethernet card.</summary>
    public bool IsRequest =>
        _message[0] == FromClient && _message[1] == Ethernet && _message[2] == EthernetLength && Card.IsUnicast;

    /// <summary>Whether a client asks that is known by nothing but its client identifier (RFC 4390, 2).</summary>
    public bool IsOfInfiniBand => _message[0] == FromClient && _message[1] == InfiniBand;

    public bool IsAnswer => _message[0] == FromServer;

    public DhcpMessageType Type => Option(DhcpOptions.MessageType) is [var type] && type <= (byte)DhcpMessageType.Inform
        ? (DhcpMessageType)type
        : DhcpMessageType.None;

    public uint Transaction => Word(4);

    public bool WantsBroadcast => (BinaryPrimitives.ReadUInt16BigEndian(_message[10..]) & BroadcastFlag) != 0;

    /// <summary>The address that the client has, and answers at (ciaddr); 0 for none.</summary>
    public uint ClientAddress => Word(12);

    /// <summary>The one that it is given (yiaddr).</summary>
    public uint GivenAddress => Word(16);

    /// <summary>Through which relay it asks (giaddr); 0 for none.</summary>
    public uint Relay => Word(24);

    public MacAddress Card => MacAddress.Of(_message[28..]);

    /// <summary>A name in the fixed part.</summary>
    public bool HasFile => _message[108] != 0;

    /// <summary>The hardware address with what fills it up (chaddr).</summary>
    public ReadOnlySpan<byte> HardwareAddress => _message[28..44];

    /// <returns>Empty where it is not there, or cut off.</returns>
    public ReadOnlySpan<byte> Option(byte code) => DhcpOptions.Find(_message[DhcpOptions.Start..], code);

    public bool Has(byte code) => DhcpOptions.Has(_message[DhcpOptions.Start..], code);

    /// <returns><c>null</c> where it is not there, or no address.</returns>
    public uint? Address(byte code) =>
        Option(code) is { Length: sizeof(uint) } address ? BinaryPrimitives.ReadUInt32BigEndian(address) : null;

    /// <summary>Whether the client wants an option. Who names none gets all (RFC 2131, 3.5).</summary>
    public bool AsksFor(byte code) => Option(DhcpOptions.ParameterList) is var list && (list.IsEmpty || list.Contains(code));

    private uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(_message[at..]);
}
