using System.Buffers.Binary;

namespace Bootstrapper.Images;

/// <summary>What a kernel's first bytes say of the processors that it runs on.</summary>
internal static class KernelFile
{
    public const string X86 = "x86", Arm32 = "arm32", Arm64 = "arm64";

    private const int HeaderLength = 4096;

    /// <returns>
    /// <c>null</c> where there is no such file, or the file does not say: one that is packed as a whole, a 32-bit kernel for Arm.
    /// </returns>
    public static string? Processor(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var header = new byte[HeaderLength];
        using var content = File.OpenRead(file);
        var length = content.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        return length == HeaderLength ? Processor(header) : null;
    }

    /// <summary>
    /// Linux, x86/boot.rst and arm64/booting.rst; both are programs for UEFI as well (PE format, "Machine types").
    /// </summary>
    private static string? Processor(ReadOnlySpan<byte> header) => header switch
    {
        _ when header[0x202..].StartsWith("HdrS"u8) => X86,
        _ when header[0x38..].StartsWith("ARM\x64"u8) => Arm64,
        _ when header.StartsWith("MZ"u8) => OfUefiProgram(header, BinaryPrimitives.ReadInt32LittleEndian(header[0x3c..])),
        _ => null,
    };

    private static string? OfUefiProgram(ReadOnlySpan<byte> header, int at) =>
        at is < 0 or > HeaderLength - 6 || !header[at..].StartsWith("PE\0\0"u8)
            ? null
            : BinaryPrimitives.ReadUInt16LittleEndian(header[(at + 4)..]) switch
            {
                0x014c or 0x8664 => X86,
                0x01c0 or 0x01c2 or 0x01c4 => Arm32,
                0xaa64 => Arm64,
                _ => null,
            };
}
