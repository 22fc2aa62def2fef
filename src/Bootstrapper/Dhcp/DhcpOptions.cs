namespace Bootstrapper.Dhcp;

/// <summary>The options of a DHCP message (RFC 2132), which stand behind a BOOTP message and a cookie (RFC 2131, 3).</summary>
internal static class DhcpOptions
{
    /// <summary>Where the cookie stands in a message, and where the options begin.</summary>
    public const int CookieAt = 236, Start = 240;

    public const uint Cookie = 0x63825363;

    public const byte Netmask = 1, Routers = 3, NameServers = 6, HostName = 12, DomainName = 15, Broadcast = 28,
        TimeServers = 42, RequestedAddress = 50, LeaseTime = 51, Overload = 52, MessageType = 53, ServerIdentifier = 54,
        ParameterList = 55, Message = 56, LargestMessage = 57, RenewalTime = 58, RebindingTime = 59, VendorClass = 60,
        ClientIdentifier = 61, ServerName = 66, BootFile = 67, UserClass = 77, RapidCommit = 80, ClientName = 81,
        RelayInformation = 82, ClientArchitecture = 93, ClientUuid = 97, End = 255;

    /// <summary>Within <see cref="RelayInformation"/> (RFC 3527).</summary>
    public const byte LinkSelection = 5;

    private const byte Pad = 0;

    /// <summary>Finds the next option of a code, or the next piece of it.</summary>
    /// <param name="options">Up to the end of the field that they stand in; then what stands behind what was found.</param>
    /// <returns>Whether there is one, and whole.</returns>
    public static bool TryFind(scoped ref ReadOnlySpan<byte> options, byte wanted, out ReadOnlySpan<byte> value)
    {
        while (options.Length >= 2 && options[0] != End)
        {
            var (code, length) = (options[0], options[0] == Pad ? 1 : 2 + options[1]);
            if (length > options.Length)
            {
                break;
            }

            value = options[Math.Min(2, length)..length];
            options = options[length..];
            if (code == wanted)
            {
                return true;
            }
        }

        value = options = [];
        return false;
    }
}
