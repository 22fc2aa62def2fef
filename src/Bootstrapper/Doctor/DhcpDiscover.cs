using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using Bootstrapper.Boot;

namespace Bootstrapper.Doctor;

/// <summary>The two DHCP messages of a probe (RFC 2131, options RFC 2132).</summary>
internal static class DhcpDiscover
{
    private const byte Request = 1, Reply = 2, Ethernet = 1, HardwareAddressBytes = 6;
    private const byte Discover = 1;
    private const ushort AnswerByBroadcast = 0x8000;

    /// <summary>
    /// What firmware of a PC calls itself: whoever only tells machines where to boot from answers that too (PXE 2.1).
    /// </summary>
    private static ReadOnlySpan<byte> Firmware => "PXEClient:Arch:00000:UNDI:002001"u8;

    public static byte[] Message(uint transaction, PhysicalAddress mac)
    {
        var message = new byte[DhcpOptions.Start];
        message[0] = Request;
        message[1] = Ethernet;
        message[2] = HardwareAddressBytes;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), transaction);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), AnswerByBroadcast);
        mac.GetAddressBytes().CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(DhcpOptions.CookieAt), DhcpOptions.Cookie);
        return
        [
            .. message,
            DhcpOptions.MessageType, 1, Discover,
            DhcpOptions.ParameterList, 3, DhcpOptions.ServerIdentifier, DhcpOptions.VendorClass, DhcpOptions.BootFile,
            DhcpOptions.VendorClass, (byte)Firmware.Length, .. Firmware,
            DhcpOptions.End,
        ];
    }

    /// <returns>What answered; <c>null</c> where the message is no answer to <paramref name="transaction"/>.</returns>
    public static DhcpOffer? ReadOffer(ReadOnlySpan<byte> message, uint transaction)
    {
        if (message.Length < DhcpOptions.Start || message[0] != Reply
            || BinaryPrimitives.ReadUInt32BigEndian(message[4..]) != transaction)
        {
            return null;
        }

        var server = DhcpOptions.Find(message[DhcpOptions.Start..], DhcpOptions.ServerIdentifier);
        var hasBootFile = message[108] != 0 || DhcpOptions.Find(message[DhcpOptions.Start..], DhcpOptions.BootFile).Length > 0;
        return server.Length != 4 ? null : new DhcpOffer(new IPAddress(server), new IPAddress(message.Slice(16, 4)), hasBootFile);
    }
}

/// <param name="Address">What it would lease; 0.0.0.0 from one that only tells where to boot from.</param>
internal sealed record DhcpOffer(IPAddress Server, IPAddress Address, bool HasBootFile)
{
    public bool HasAddress => !Address.Equals(IPAddress.Any);
}
