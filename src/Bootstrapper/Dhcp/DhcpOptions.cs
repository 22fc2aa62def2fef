namespace Bootstrapper.Dhcp;

/// <summary>The options of a DHCP message (RFC 2132), which stand behind a BOOTP message and a cookie (RFC 2131, 3).</summary>
internal static class DhcpOptions
{
    /// <summary>Where the cookie stands in a message, and where the options begin.</summary>
    public const int CookieAt = 236, Start = 240;

    public const uint Cookie = 0x63825363;

    public const byte Netmask = 1, Routers = 3, NameServers = 6, HostName = 12, DomainName = 15, Broadcast = 28,
        TimeServers = 42, RequestedAddress = 50, LeaseTime = 51, MessageType = 53, ServerIdentifier = 54, ParameterList = 55,
        Message = 56, LargestMessage = 57, RenewalTime = 58, RebindingTime = 59, VendorClass = 60, ClientIdentifier = 61,
        ServerName = 66, BootFile = 67, UserClass = 77, RapidCommit = 80, RelayInformation = 82, ClientArchitecture = 93,
        ClientUuid = 97, End = 255;

    private const byte Pad = 0;

    /// <param name="options">Up to the end of the message.</param>
    /// <returns>Empty where it is not there, or cut off.</returns>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> options, byte wanted)
    {
        while (options.Length >= 2 && options[0] != End)
        {
            var length = options[0] == Pad ? 1 : 2 + options[1];
            if (length > options.Length)
            {
                break;
            }

            if (options[0] == wanted)
            {
                return options[2..length];
            }

            options = options[length..];
        }

        return [];
    }

    /// <summary>Whether it is there, if only without a value.</summary>
    /// <param name="options">Up to the end of the message.</param>
    public static bool Has(ReadOnlySpan<byte> options, byte wanted)
    {
        while (options.Length >= 2 && options[0] != End && options[0] != wanted)
        {
            options = options[Math.Min(options.Length, options[0] == Pad ? 1 : 2 + options[1])..];
        }

        return options.Length >= 2 && options[0] == wanted;
    }
}
