using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace Bootstrapper.Doctor;

/// <summary>The two DHCP messages of a probe (RFC 2131, options RFC 2132).</summary>
internal static class DhcpDiscover
{
    private const int OptionsAt = 240;
    private const byte Request = 1, Reply = 2, Ethernet = 1, HardwareAddressBytes = 6;
    private const byte MessageType = 53, ServerIdentifier = 54, ParameterList = 55,
        VendorClass = 60, BootFile = 67, Pad = 0, End = 255;
    private const byte Discover = 1;
    private const ushort AnswerByBroadcast = 0x8000;
    private const uint MagicCookie = 0x63825363;

    /// <summary>
    /// What firmware of a PC calls itself: whoever only tells machines where to boot from answers that too (PXE 2.1).
    /// </summary>
    private static ReadOnlySpan<byte> Firmware => "PXEClient:Arch:00000:UNDI:002001"u8;

    public static byte[] Message(uint transaction, PhysicalAddress mac)
    {
        var message = new byte[OptionsAt];
        message[0] = Request;
        message[1] = Ethernet;
        message[2] = HardwareAddressBytes;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), transaction);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), AnswerByBroadcast);
        mac.GetAddressBytes().CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), MagicCookie);
        return
        [
            .. message,
            MessageType, 1, Discover,
            ParameterList, 3, ServerIdentifier, VendorClass, BootFile,
            VendorClass, (byte)Firmware.Length, .. Firmware,
            End,
        ];
    }

    /// <returns>What answered; <c>null</c> where the message is no answer to <paramref name="transaction"/>.</returns>
    public static DhcpOffer? ReadOffer(ReadOnlySpan<byte> message, uint transaction)
    {
        if (message.Length < OptionsAt || message[0] != Reply
            || BinaryPrimitives.ReadUInt32BigEndian(message[4..]) != transaction)
        {
            return null;
        }

        var server = Option(message[OptionsAt..], ServerIdentifier);
        var hasBootFile = message[108] != 0 || Option(message[OptionsAt..], BootFile).Length > 0;
        return server.Length != 4 ? null : new DhcpOffer(new IPAddress(server), new IPAddress(message.Slice(16, 4)), hasBootFile);
    }

    private static ReadOnlySpan<byte> Option(ReadOnlySpan<byte> options, byte wanted)
    {
        while (options.Length >= 2 && options[0] != End)
        {
            var length = options[0] == Pad ? 1 : 2 + options[1];
            if (options[0] == wanted && length <= options.Length)
            {
                return options[2..length];
            }

            options = length <= options.Length ? options[length..] : [];
        }

        return [];
    }
}

/// <param name="Address">What it would lease; 0.0.0.0 from one that only tells where to boot from.</param>
internal sealed record DhcpOffer(IPAddress Server, IPAddress Address, bool HasBootFile)
{
    public bool HasAddress => !Address.Equals(IPAddress.Any);
}
