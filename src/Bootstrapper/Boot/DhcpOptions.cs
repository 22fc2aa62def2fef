namespace Bootstrapper.Boot;

/// <summary>The options of a DHCP message (RFC 2132), which stand behind a BOOTP message and a cookie (RFC 2131, 3).</summary>
internal static class DhcpOptions
{
    /// <summary>Where the cookie stands in a message, and where the options begin.</summary>
    public const int CookieAt = 236, Start = 240;

    public const uint Cookie = 0x63825363;

    public const byte MessageType = 53, ServerIdentifier = 54, ParameterList = 55, VendorClass = 60, BootFile = 67,
        ClientArchitecture = 93, End = 255;

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
}
