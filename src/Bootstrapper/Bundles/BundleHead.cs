using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Bundles;

/// <summary>
/// The first two members of a bundle: the manifest, and the signature of its bytes. They are found by their names and sizes
/// alone, for nothing else in the file is believed before the signature is.
/// </summary>
/// <param name="Signature">OpenPGP, detached; <c>null</c> where the bundle is not signed.</param>
internal sealed record BundleHead(byte[] Manifest, byte[]? Signature)
{
    /// <summary>Of the largest keys; ours are some hundred bytes.</summary>
    private const int LargestSignature = 64 << 10;

    private const int Block = 512;

    /// <exception cref="InvalidDataException">It does not begin with a manifest, or with one that is too large.</exception>
    public static BundleHead Of(SafeFileHandle file, string path)
    {
        var manifest = Member(file, 0, BundlePath.Manifest, BundleManifest.LargestBytes) ?? throw new InvalidDataException(
            $"{path} does not begin with {BundlePath.Manifest}: it is not a bundle, or not complete");
        var behind = Block + ((manifest.Length + Block - 1L) / Block * Block);
        return new BundleHead(manifest, Member(file, behind, BundlePath.Signature, LargestSignature));
    }

    /// <summary>A regular file in a tar (POSIX.1-1988: the name at 0, the size in octal at 124, the type at 156).</summary>
    private static byte[]? Member(SafeFileHandle file, long offset, string name, int largest)
    {
        var header = new byte[Block];
        if (RandomAccess.Read(file, header, offset) < Block
            || Text(header, 0, 100) != name || header[156] is not ((byte)'0' or 0))
        {
            return null;
        }

        var content = new byte[Size(Text(header, 124, 12).Trim(), name, largest)];
        return RandomAccess.Read(file, content, offset + Block) == content.Length
            ? content
            : throw new InvalidDataException($"{name} is cut off");
    }

    private static int Size(string octal, string name, int largest) =>
        octal.Length is > 0 and < 12 && octal.All(char.IsAsciiDigit) && octal.All(digit => digit < '8')
            && octal.Aggregate(0L, (size, digit) => (size * 8) + (digit - '0')) is var size && size <= largest
            ? (int)size
            : throw new InvalidDataException(
                $"{name} is too large: expected at most {largest.ToString(CultureInfo.InvariantCulture)} bytes");

    private static string Text(byte[] header, int offset, int length) =>
        Encoding.Latin1.GetString(header, offset, length).Split('\0')[0];
}
