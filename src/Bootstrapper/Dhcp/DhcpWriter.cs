using System.Buffers.Binary;
using System.Text;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Writes DHCP messages (RFC 2131, 2), one after the other into the same memory. An option for which there is no room is left
/// out.
/// </summary>
/// <param name="memory">Of which each message is a part.</param>
/// <param name="start">Where messages begin in it.</param>
internal sealed class DhcpWriter(byte[] memory, int start = 0)
{
    /// <summary>What every relay and client takes (RFC 1542, 2.1; RFC 2131, 2).</summary>
    public const int Shortest = 300, UsualLongest = 548;

    private const byte Ethernet = 1, EthernetLength = 6;
    private const ushort BroadcastFlag = 0x8000;
    private const int ServerNameAt = 44, ServerNameLength = 64, FileAt = 108, FileLength = 128, LongestOption = 255;

    private int _at, _room;

    private Span<byte> Message => memory.AsSpan(start);

    /// <param name="room">How long it may become.</param>
    /// <param name="hardwareAddress">Of the client, with what fills it up.</param>
    public void Begin(in DhcpHeader header, ReadOnlySpan<byte> hardwareAddress, int room)
    {
        (_at, _room) = (DhcpOptions.Start, Math.Min(room, Message.Length) - 1); // an octet is for the end
        Message.Clear();
        (Message[0], Message[1], Message[2]) = (header.From, Ethernet, EthernetLength);
        Put(4, header.Transaction);
        BinaryPrimitives.WriteUInt16BigEndian(Message[10..], header.IsBroadcast ? BroadcastFlag : (ushort)0);
        Put(12, header.ClientAddress);
        Put(16, header.GivenAddress);
        Put(20, header.NextServer);
        Put(24, header.Relay);
        hardwareAddress.CopyTo(Message[28..44]);
        Put(DhcpOptions.CookieAt, DhcpOptions.Cookie);
    }

    /// <summary>Keeps room for what is to come last, or gives it back where it is below zero.</summary>
    public void Reserve(int octets) => _room -= octets;

    public void Add(byte code, ReadOnlySpan<byte> value)
    {
        if (value.Length <= LongestOption && _at + 2 + value.Length <= _room)
        {
            (Message[_at], Message[_at + 1]) = (code, (byte)value.Length);
            value.CopyTo(Message[(_at + 2)..]);
            _at += 2 + value.Length;
        }
    }

    public void Add(byte code, uint value)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        Add(code, octets);
    }

    public void Add(byte code, byte value) => Add(code, [value]);

    /// <summary>The name of the boot server, as an option or in the fixed part.</summary>
    public void AddServerName(string name, bool asOption) =>
        AddName(DhcpOptions.ServerName, name, asOption, Message.Slice(ServerNameAt, ServerNameLength));

    /// <summary>That of the boot file, likewise.</summary>
    public void AddFile(string name, bool asOption) =>
        AddName(DhcpOptions.BootFile, name, asOption, Message.Slice(FileAt, FileLength));

    /// <returns>How long the message is.</returns>
    public int Finish()
    {
        Message[_at++] = DhcpOptions.End;
        return Math.Min(Math.Max(_at, Shortest), Message.Length);
    }

    /// <summary>As an option with a zero behind it, which some firmware needs and dnsmasq sends, too.</summary>
    private void AddName(byte code, string name, bool asOption, Span<byte> field)
    {
        Span<byte> octets = stackalloc byte[LongestOption];
        if (!Encoding.ASCII.TryGetBytes(name, octets[..^1], out var length))
        {
            return;
        }

        octets[length] = 0;
        if (asOption || length >= field.Length)
        {
            Add(code, octets[..(length + 1)]);
        }
        else
        {
            octets[..length].CopyTo(field);
        }
    }

    private void Put(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Message[at..], value);
}

/// <summary>The fixed part of a message, but for the hardware address.</summary>
/// <param name="From"><see cref="DhcpReader.FromClient"/> or <see cref="DhcpReader.FromServer"/>.</param>
internal readonly record struct DhcpHeader(byte From, uint Transaction)
{
    /// <summary>Whether the answer is to go to all.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>The address that the client has (ciaddr).</summary>
    public uint ClientAddress { get; init; }

    /// <summary>The one that it is given (yiaddr).</summary>
    public uint GivenAddress { get; init; }

    /// <summary>Of whom it fetches its boot file (siaddr).</summary>
    public uint NextServer { get; init; }

    /// <summary>Through which it asks (giaddr).</summary>
    public uint Relay { get; init; }
}
