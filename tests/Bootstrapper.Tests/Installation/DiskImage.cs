using System.IO.Compression;
using System.Security.Cryptography;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// An operating system of one file, on a file system of 2 MiB with the label where its configuration is looked for.
/// </summary>
internal static class DiskImage
{
    public static readonly string System = Convert.ToHexString(RandomNumberGenerator.GetBytes(700_000));

    /// <param name="label"><c>OEM</c> takes an Ignition config.</param>
    public static async Task<byte[]> MakeAsync(string label = "OEM")
    {
        using var directory = new TemporaryDirectory();
        directory.Write("system", System);
        return await MakeAsync(label, directory.Path);
    }

    /// <param name="root">What is on it.</param>
    public static async Task<byte[]> MakeAsync(string label, string root)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "image");
        await Tool.OutputOfAsync("mke2fs", "-q", "-F", "-t", "ext2", "-L", label, "-d", root, file, "2048");
        return await File.ReadAllBytesAsync(file);
    }

    public static byte[] Pack(byte[] image)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
        {
            packing.Write(image);
        }

        return packed.ToArray();
    }
}
