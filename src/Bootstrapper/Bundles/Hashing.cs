using System.Security.Cryptography;

namespace Bootstrapper.Bundles;

/// <summary>Reads through files in blocks; none is ever in memory.</summary>
internal static class Hashing
{
    private const int BlockSize = 1 << 20;

    /// <returns>SHA-256, in hexadecimal.</returns>
    public static Task<string> Sha256Async(Stream from, BundleProgress progress, CancellationToken cancellation) =>
        CopyAsync(from, Stream.Null, progress, cancellation);

    /// <param name="progress"><c>null</c> where somebody else counts.</param>
    /// <returns>SHA-256 of what was copied, in hexadecimal.</returns>
    public static async Task<string> CopyAsync(Stream from, Stream to, BundleProgress? progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockSize];
        for (int read; (read = await from.ReadAsync(block, cancellation)) > 0;)
        {
            hash.AppendData(block, 0, read);
            await to.WriteAsync(block.AsMemory(0, read), cancellation);
            progress?.Add(read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
