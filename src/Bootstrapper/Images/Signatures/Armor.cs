using System.Text;

namespace Bootstrapper.Images.Signatures;

/// <summary>Keys as people pass them on (RFC 9580, 6.2: base64 between lines of dashes) made into what gpgv reads.</summary>
internal static class Armor
{
    private const string Begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    private const string End = "-----END PGP PUBLIC KEY BLOCK-----";

    /// <summary>Every packet begins with this bit (RFC 9580, 4.2); no text does.</summary>
    private const byte PacketBit = 0x80;

    /// <returns>All keys in the file, whether or not it was armoured; empty where there is none.</returns>
    /// <exception cref="FormatException">A block is not base64.</exception>
    public static byte[] Decode(byte[] file) => file is [>= PacketBit, ..]
        ? file
        : [.. Encoding.Latin1.GetString(file).Split(Begin)[1..].SelectMany(block => DecodeBlock(block))];

    /// <summary>
    /// Headers end with an empty line; the checksum, which begins with =, guards against nothing that gpgv does not see.
    /// </summary>
    private static byte[] DecodeBlock(string block) => Convert.FromBase64String(string.Concat(
        block.Split(End)[0].Split('\n').Select(line => line.Trim())
            .Skip(1).SkipWhile(line => line.Length > 0)
            .TakeWhile(line => line is not ['=', ..])));
}
