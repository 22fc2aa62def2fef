using System.Security.Cryptography;
using Bootstrapper.Host;

namespace Bootstrapper.Images.Releases;

/// <summary>
/// Packs the image of the disk again, from bzip2 to zstd: a machine unpacks that faster than its disk can take it. Beside it lies
/// the SHA-256 of the unpacked bytes, since the vendor's signature is of the packed ones.
/// </summary>
internal static class Transcoder
{
    private const string Packed = ".bz2";

    /// <summary>Costs a minute or two once, and saves the network a tenth against the default.</summary>
    private const string Level = "-9";

    private const int BlockSize = 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>Does nothing where it was done before.</summary>
    /// <param name="directory">Of a release that is proved.</param>
    /// <exception cref="ReleaseException">A program is missing, the image is no bzip2, or the disk is full.</exception>
    public static async Task EnsureAsync(string directory, CancellationToken cancellation)
    {
        foreach (var image in Directory.EnumerateFiles(directory, $"*_image.bin{Packed}")
            .Where(image => !File.Exists(Target(image))))
        {
            await RunAsync(image, cancellation);
        }
    }

    private static string Target(string image) => Path.ChangeExtension(image, ".zst");

    private static async Task RunAsync(string image, CancellationToken cancellation)
    {
        var partial = Path.Combine(Path.GetDirectoryName(image)!, $".{Path.GetFileName(Target(image))}");
        try
        {
            var digest = await PackAsync(image, partial, cancellation);
            Bsroot.Write($"{Target(image)}.unpacked.sha256", digest + "\n");
            Bsroot.MoveIn(partial, Target(image));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"cannot pack {image} with zstd: {failure.Message}", failure);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <returns>SHA-256 of the unpacked image, in hexadecimal.</returns>
    private static async Task<string> PackAsync(string image, string target, CancellationToken cancellation)
    {
        var digest = "";
        var pack = new ProgramRun("zstd", ["-q", "-f", Level, "-T0", "-o", target], Limit)
        {
            Input = (packing, ended) => new ProgramRun("bzip2", ["-dc", image], Limit)
            {
                Output = async (unpacked, token) => digest = await CopyAsync(unpacked, packing, token),
            }.OutputAsync(ended),
        };
        await pack.OutputAsync(cancellation);
        return digest;
    }

    private static async Task<string> CopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockSize];
        for (int read; (read = await from.ReadAsync(block, cancellation)) > 0;)
        {
            hash.AppendData(block, 0, read);
            await to.WriteAsync(block.AsMemory(0, read), cancellation);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
