using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Matchbox;

/// <summary>
/// A hardware address as machines write it: as matchbox takes it (Go, <c>net.ParseMAC</c>), of Ethernet and with 8 or 20 octets
/// of InfiniBand; without separators; and as pxelinux' BOOTIF, with the type of the hardware before it.
/// </summary>
internal static partial class HardwareAddress
{
    /// <returns>In its usual form, such as <c>00:25:90:c0:f7:80</c>; <c>null</c> for what is none.</returns>
    public static string? Normal(string? text) =>
        MacAddress.TryParse(text is ['0', '1', '-' or ':', .. var card] ? card : text, null, out var mac) ? mac.ToString()
        : MacAddress.TryParse(text, null, out mac) ? mac.ToString()
        : text is not null && IsLong().IsMatch(text) ? string.Join(':', Octets(text))
        : null;

    private static IEnumerable<string> Octets(string text) =>
        text.ToLowerInvariant().Where(char.IsAsciiHexDigit).Chunk(2).Select(digits => new string(digits));

    [GeneratedRegex(
        @"\A(?:[0-9a-f]{2}(?<s>[:-])(?:[0-9a-f]{2}\k<s>){6}(?:(?:[0-9a-f]{2}\k<s>){12})?[0-9a-f]{2}"
            + @"|[0-9a-f]{16}(?:[0-9a-f]{24})?|[0-9a-f]{4}(?:\.[0-9a-f]{4}){3}(?:(?:\.[0-9a-f]{4}){6})?)\z",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex IsLong();
}
