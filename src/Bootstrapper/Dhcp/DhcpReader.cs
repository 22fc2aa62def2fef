using System.Buffers.Binary;
using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// A DHCP message as it came (RFC 2131, 2): nothing is copied, and no octet is taken on trust. The message has its fixed part.
/// </summary>
internal readonly ref struct DhcpReader
{
    public const byte FromClient = 1, FromServer = 2;

    private const byte Ethernet = 1, EthernetLength = 6, InfiniBand = 32;
    private const byte InFile = 1, InServerName = 2;
    private const int ServerNameAt = 44, FileAt = 108;
    private const ushort BroadcastFlag = 0x8000;

    private readonly ReadOnlySpan<byte> _message, _options;

    /// <summary>Which names' fields hold options, too.</summary>
    private readonly byte _overload;

    private DhcpReader(ReadOnlySpan<byte> message, ReadOnlySpan<byte> options)
    {
        _message = message;
        _options = options;
        _overload = DhcpOptions.TryFind(ref options, DhcpOptions.Overload, out var value) && value is [var which]
            ? which
            : (byte)0;
    }

    /// <returns>Whether it is one, of a client or a server; or one of BOOTP, which may have no options.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DhcpReader read)
    {
        read = default;
        if (message.Length <= DhcpOptions.Start)
        {
            return false;
        }

        var hasOptions = BinaryPrimitives.ReadUInt32BigEndian(message[DhcpOptions.CookieAt..]) == DhcpOptions.Cookie;
        read = new DhcpReader(message, hasOptions ? message[DhcpOptions.Start..] : []);
        return hasOptions || message.Length >= DhcpWriter.Shortest;
    }

    /// <summary>Whether a client asks, from an Ethernet card.</summary>
    public bool IsRequest =>
        _message[0] == FromClient && _message[1] == Ethernet && _message[2] == EthernetLength && Card.IsUnicast;

    /// <summary>Whether a client asks that is known by nothing but its client identifier (RFC 4390, 2).</summary>
    public bool IsOfInfiniBand => _message[0] == FromClient && _message[1] == InfiniBand;

    public bool IsAnswer => _message[0] == FromServer;

    public DhcpMessageType Type => First(DhcpOptions.MessageType) is [var type] && type <= (byte)DhcpMessageType.Inform
        ? (DhcpMessageType)type
        : DhcpMessageType.None;

    /// <summary>Whether it is of the protocol before DHCP (RFC 951), which has no types.</summary>
    public bool IsBootp => !Has(DhcpOptions.MessageType);

    public uint Transaction => Word(4);

    public bool WantsBroadcast => (BinaryPrimitives.ReadUInt16BigEndian(_message[10..]) & BroadcastFlag) != 0;

    /// <summary>The address that the client has, and answers at (ciaddr); 0 for none.</summary>
    public uint ClientAddress => Word(12);

    /// <summary>The one that it is given (yiaddr).</summary>
    public uint GivenAddress => Word(16);

    /// <summary>Through which relay it asks (giaddr); 0 for none.</summary>
    public uint Relay => Word(24);

    /// <summary>
    /// An address on the link that the client is on, where a relay hands on what it asks: the one that the relay names for that
    /// (RFC 3527), or else its own; <c>null</c> where none does.
    /// </summary>
    public uint? RelayedFrom
    {
        get
        {
            var said = Option(DhcpOptions.RelayInformation);
            return Relay == 0 ? null
                : DhcpOptions.TryFind(ref said, DhcpOptions.LinkSelection, out var link) && link.Length == sizeof(uint)
                    ? BinaryPrimitives.ReadUInt32BigEndian(link)
                : Relay;
        }
    }

    public MacAddress Card => MacAddress.Of(_message[28..]);

    /// <summary>Of whom the boot file is fetched (siaddr); 0 for none.</summary>
    public uint NextServer => Word(20);

    /// <summary>What is to be booted, as an option or in the fixed part; empty for nothing.</summary>
    public string BootFile => Encoding.ASCII.GetString(
        Has(DhcpOptions.BootFile) ? Option(DhcpOptions.BootFile) : _message[FileAt..DhcpOptions.CookieAt]).Split('\0')[0];

    /// <summary>A name in the fixed part.</summary>
    public bool HasFile => (_overload & InFile) == 0 && _message[FileAt] != 0;

    /// <summary>The hardware address with what fills it up (chaddr).</summary>
    public ReadOnlySpan<byte> HardwareAddress => _message[28..44];

    /// <summary>Of as many octets as somebody likes: in several pieces where one does not hold them (RFC 3396).</summary>
    /// <returns>Empty where it is not there, or cut off.</returns>
    public ReadOnlySpan<byte> Option(byte code)
    {
        var pieces = new Pieces(this, code);
        if (!pieces.MoveNext())
        {
            return [];
        }

        var first = pieces.Current;
        var length = first.Length;
        byte[]? whole = null;
        while (pieces.MoveNext())
        {
            if (whole is null)
            {
                whole = new byte[_message.Length];
                first.CopyTo(whole);
            }

            pieces.Current.CopyTo(whole.AsSpan(length));
            length += pieces.Current.Length;
        }

        return whole is null ? first : whole.AsSpan(0, length);
    }

    /// <summary>Whether it is there, if only without a value.</summary>
    public bool Has(byte code) => new Pieces(this, code).MoveNext();

    /// <returns><c>null</c> where it is not there, or no address.</returns>
    public uint? Address(byte code) =>
        First(code) is { Length: sizeof(uint) } address ? BinaryPrimitives.ReadUInt32BigEndian(address) : null;

    /// <returns><c>null</c> where it is not there, or no number of two octets.</returns>
    public ushort? Number(byte code) =>
        First(code) is { Length: sizeof(ushort) } number ? BinaryPrimitives.ReadUInt16BigEndian(number) : null;

    /// <summary>Whether the client wants an option. Who names none gets all (RFC 2131, 3.5).</summary>
    public bool AsksFor(byte code) => Option(DhcpOptions.ParameterList) is var list && (list.IsEmpty || list.Contains(code));

    /// <summary>What has its length by what it is stands in one piece, and counts once.</summary>
    private ReadOnlySpan<byte> First(byte code)
    {
        var pieces = new Pieces(this, code);
        return pieces.MoveNext() ? pieces.Current : [];
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(_message[at..]);

    /// <summary>Those of one option, in the order in which they belong together (RFC 3396, 5).</summary>
    private ref struct Pieces(DhcpReader message, byte code)
    {
        private readonly DhcpReader _message = message;
        private ReadOnlySpan<byte> _left = message._options;
        private int _field;
        private ReadOnlySpan<byte> _current;

        public readonly ReadOnlySpan<byte> Current => _current;

        public bool MoveNext()
        {
            do
            {
                var left = _left;
                if (DhcpOptions.TryFind(ref left, code, out var piece))
                {
                    _left = left;
                    _current = piece;
                    return true;
                }

                _left = ++_field switch
                {
                    1 => Field(InFile, FileAt, DhcpOptions.CookieAt),
                    2 => Field(InServerName, ServerNameAt, FileAt),
                    _ => [],
                };
            }
            while (_field <= 2);
            return false;
        }

        private readonly ReadOnlySpan<byte> Field(byte which, int start, int end) =>
            (_message._overload & which) != 0 ? _message._message[start..end] : [];
    }
}
