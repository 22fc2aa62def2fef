using System.Text;

namespace Bootstrapper.Dhcp;

/// <summary>
/// The name of a client with its domain, DHCP option 81 (RFC 4702): flags, two octets that mean nothing any more, and the name,
/// as text or as DNS has it.
/// </summary>
internal static class ClientName
{
    private const int ServerUpdates = 1, WasOverridden = 2, AsDns = 4, Answered = ServerUpdates | WasOverridden | AsDns;

    private static readonly byte[] NoCodes = [255, 255];

    /// <summary>
    /// Whatever a client calls itself and wants of DNS: its name is the one that it is given, and our DNS has it. dnsmasq answers
    /// the same.
    /// </summary>
    /// <param name="said">The client's option, with its flags and codes.</param>
    public static byte[] Answer(ReadOnlySpan<byte> said, string label, string domain)
    {
        var flags = said[0] & Answered;
        return
        [
            (byte)((flags & ServerUpdates) != 0 ? flags : flags | ServerUpdates | WasOverridden),
            .. NoCodes,
            .. (flags & AsDns) != 0 ? InDns($"{label}.{domain}") : Encoding.ASCII.GetBytes($"{label}.{domain}"),
        ];
    }

    private static byte[] InDns(string name) =>
        [.. name.Split('.').SelectMany(part => Encoding.ASCII.GetBytes(part).Prepend((byte)part.Length)), 0];
}
