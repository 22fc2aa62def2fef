namespace Bootstrapper.Dhcp;

/// <summary>What a DHCP message is for (RFC 2132, 9.6).</summary>
internal enum DhcpMessageType : byte
{
    None,
    Discover,
    Offer,
    Request,
    Decline,
    Ack,
    Nak,
    Release,
    Inform,

    /// <summary>The answer to BOOTP, which has no types; never on the wire.</summary>
    BootReply = 255,
}

internal static class DhcpMessageTypes
{
    /// <summary>As dnsmasq's log and the timelines name it.</summary>
    public static string Name(this DhcpMessageType type) => type switch
    {
        DhcpMessageType.Discover => "DHCPDISCOVER",
        DhcpMessageType.Offer => "DHCPOFFER",
        DhcpMessageType.Request => "DHCPREQUEST",
        DhcpMessageType.Decline => "DHCPDECLINE",
        DhcpMessageType.Ack => "DHCPACK",
        DhcpMessageType.Nak => "DHCPNAK",
        DhcpMessageType.Release => "DHCPRELEASE",
        DhcpMessageType.Inform => "DHCPINFORM",
        _ => "BOOTP",
    };
}
