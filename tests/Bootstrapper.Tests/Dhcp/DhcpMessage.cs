using System.Buffers.Binary;
using System.Net;
using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>A DHCP message as it is on the wire (RFC 2131, 2; RFC 2132).</summary>
internal sealed record DhcpMessage(byte[] Bytes)
{
    private const int HeaderLength = 240;
    private static readonly byte[] Cookie = [99, 130, 83, 99];

    public IPAddress YourAddress => new(Bytes.AsSpan(16, 4));

    public IPAddress NextServer => new(Bytes.AsSpan(20, 4));

    /// <summary>From the header or, where the client asked for it there, from option 67.</summary>
    public string File => Text(Options.GetValueOrDefault((byte)67) ?? Bytes[108..236]);

    /// <summary>Option 60.</summary>
    public string VendorClass => Text(Options.GetValueOrDefault((byte)60) ?? []);

    /// <summary>Option 53: 2 for an offer, 5 for an ACK, 6 for a NAK.</summary>
    public int Type => Options[53][0];

    /// <summary>Option 51.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(Options[51]));

    public int Transaction => BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(4));

    /// <summary>Option 56, why there is a NAK.</summary>
    public string Reason => Text(Options.GetValueOrDefault((byte)56) ?? []);

    public Dictionary<byte, byte[]> Options
    {
        get
        {
            var options = new Dictionary<byte, byte[]>();
            for (var at = HeaderLength; Bytes[at] != 255; at += 2 + Bytes[at + 1])
            {
                options[Bytes[at]] = Bytes[(at + 2)..(at + 2 + Bytes[at + 1])];
            }

            return options;
        }
    }

    public static DhcpMessage Discover(DhcpClient client) => Request(type: 1, client, IPAddress.Any);

    /// <summary>
    /// Of an InfiniBand card: no hardware address, and a client identifier made of it (RFC 4390, 2).
    /// </summary>
    public static DhcpMessage DiscoverOfInfiniBand()
    {
        var client = new DhcpClient(default) { Identifier = [32, .. Enumerable.Repeat((byte)7, 20)] };
        var bytes = Request(type: 1, client, IPAddress.Any).Bytes;
        (bytes[1], bytes[2]) = (32, 0);
        return new DhcpMessage(bytes);
    }

    public static DhcpMessage Take(DhcpClient client, IPAddress offered, IPAddress server) => Request(
        type: 3, client, IPAddress.Any, [.. Option(50, offered.GetAddressBytes()), .. Option(54, server.GetAddressBytes())]);

    public static DhcpMessage Renew(DhcpClient client, IPAddress own) => Request(type: 3, client, own);

    /// <summary>After a restart: whether it may still have the address that it had.</summary>
    public static DhcpMessage Reboot(DhcpClient client, IPAddress had) =>
        Request(type: 3, client, IPAddress.Any, Option(50, had.GetAddressBytes()));

    public static DhcpMessage Release(DhcpClient client, IPAddress own, IPAddress server) =>
        Request(type: 7, client, own, Option(54, server.GetAddressBytes()));

    public static DhcpMessage Inform(DhcpClient client, IPAddress own) => Request(type: 8, client, own);

    /// <summary>Of the protocol before DHCP (RFC 951): no type; an old one has no options at all.</summary>
    public static DhcpMessage Bootp(DhcpClient client, bool hasOptions = true)
    {
        var message = new byte[300];
        Discover(client).Bytes.AsSpan(0, HeaderLength).CopyTo(message);
        message[HeaderLength] = 255;
        if (!hasOptions)
        {
            message.AsSpan(HeaderLength - Cookie.Length, Cookie.Length).Clear();
        }

        return new DhcpMessage(message);
    }

    /// <summary>
    /// The same question with its options elsewhere: the type and what says where stay, the others stand in the fields of the
    /// names, as in a message that has no room (RFC 2132, 9.3).
    /// </summary>
    public DhcpMessage WithOptionsInNames()
    {
        byte[] message = [.. Bytes[..HeaderLength], .. Option(53, Options[53]), .. Option(52, [3]), 255];
        byte[] others = [.. Options.Where(option => option.Key != 53).SelectMany(option => Option(option.Key, option.Value))];
        var inFile = 0;
        while (others.Length > inFile && inFile + 2 + others[inFile + 1] < 128)
        {
            inFile += 2 + others[inFile + 1];
        }

        others.AsSpan(0, inFile).CopyTo(message.AsSpan(108));
        message[108 + inFile] = 255;
        others.AsSpan(inFile).CopyTo(message.AsSpan(44, 63));
        message[44 + others.Length - inFile] = 255;
        return new DhcpMessage(message);
    }

    public static DhcpMessage Decline(DhcpClient client, IPAddress address, IPAddress server) => Request(
        type: 4, client, IPAddress.Any, [.. Option(50, address.GetAddressBytes()), .. Option(54, server.GetAddressBytes())]);

    /// <summary>
    /// What firmware asks a proxyDHCP server on port 4011, once it has an address (PXE specification 2.1, 2.4.5).
    /// </summary>
    public static DhcpMessage BootServerRequest(DhcpClient client, IPAddress own) => Request(type: 3, client, own);

    private static DhcpMessage Request(byte type, DhcpClient client, IPAddress own, params byte[] more)
    {
        var message = new byte[HeaderLength];
        message[0] = 1; // BOOTREQUEST
        message[1] = 1; // Ethernet
        message[2] = 6;
        Random.Shared.NextBytes(message.AsSpan(4, 4));
        message[10] = own.Equals(IPAddress.Any) ? (byte)0x80 : (byte)0; // answer by broadcast
        own.GetAddressBytes().CopyTo(message, 12);
        Convert.FromHexString(client.Mac.ToHyphenated().Replace("-", "", StringComparison.Ordinal)).CopyTo(message, 28);
        Cookie.CopyTo(message, 236);
        byte[] asksFor = [1, 3, 6, 12, 15, 43, 60, 66, 67, 97];
        return new DhcpMessage(
            [.. message, .. Option(53, [type]), .. Option(55, asksFor), .. more, .. client.Options(), .. client.More, 255]);
    }

    internal static byte[] Option(byte code, byte[] value) => [code, (byte)value.Length, .. value];

    private static string Text(byte[] bytes) => Encoding.ASCII.GetString(bytes).TrimEnd('\0');
}

/// <summary>A machine that asks for an address, and what it says of itself.</summary>
/// <param name="Architecture">
/// Option 93; two in one number, the first in its upper half; <see cref="Unnamed"/> for firmware that leaves it out;
/// <c>null</c> for an operating system, which is not firmware.
/// </param>
/// <param name="VendorClass">How option 60 begins; firmware goes on with its architecture.</param>
/// <param name="UserClass">Option 77.</param>
internal sealed record DhcpClient(
    MacAddress Mac, int? Architecture = null, string VendorClass = "PXEClient", string? UserClass = null)
{
    public const int Unnamed = -1;

    /// <summary>Option 61.</summary>
    public byte[]? Identifier { get; init; }

    /// <summary>Other options.</summary>
    public IReadOnlyList<byte> More { get; init; } = [];

    public IEnumerable<byte> Options()
    {
        List<byte> options = Identifier is null ? [] : [.. DhcpMessage.Option(61, Identifier)];
        if (Architecture == Unnamed)
        {
            options.AddRange(DhcpMessage.Option(60, Encoding.ASCII.GetBytes(VendorClass)));
        }
        else if (Architecture is { } number)
        {
            options.AddRange(DhcpMessage.Option(
                60, Encoding.ASCII.GetBytes($"{VendorClass}:Arch:{number & 0xffff:d5}:UNDI:003016")));
            byte[] first = number > 0xffff ? [(byte)(number >> 24), (byte)(number >> 16)] : [];
            options.AddRange(DhcpMessage.Option(93, [.. first, (byte)(number >> 8), (byte)number]));
            options.AddRange(DhcpMessage.Option(94, [1, 3, 16]));
            options.AddRange(DhcpMessage.Option(97, [0, .. Guid.Parse("00000000-0000-4000-8000-525400990001").ToByteArray()]));
        }

        return UserClass is null ? options : [.. options, .. DhcpMessage.Option(77, Encoding.ASCII.GetBytes(UserClass))];
    }
}
