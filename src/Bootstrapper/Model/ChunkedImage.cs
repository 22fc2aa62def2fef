using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bootstrapper.Model;

/// <summary>An image of a disk as machines pass it on to one another: in chunks, each of which is checked by itself.</summary>
/// <param name="Length">Of the file as it is served, packed or not, in bytes.</param>
/// <param name="Digests">SHA-256 of each chunk, in order, in hexadecimal.</param>
internal sealed record ChunkedImage(long Length, IReadOnlyList<string> Digests)
{
    /// <summary>To try what is rendered with one.</summary>
    public static readonly ChunkedImage Specimen = new(1, [new string('0', 64)]);

    private const int Smallest = 1 << 20;

    /// <summary>What machines and the bootstrapper say of one another fits into one small request.</summary>
    private const int MostChunks = 2048;

    /// <summary>What holds in bytes for each but the last, which may be shorter.</summary>
    public int ChunkLength => ChunkLengthOf(Length);

    /// <summary>The lines that sha256sum(1) writes of files that are called 0, 1 and so on.</summary>
    public string Manifest { get; } = string.Concat(
        Digests.Select((digest, chunk) => string.Create(CultureInfo.InvariantCulture, $"{digest}  {chunk}\n")));

    /// <summary>SHA-256 of <see cref="Manifest"/>, in hexadecimal: the image's name as long as it stays the same.</summary>
    public string Digest => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Manifest)));

    /// <summary>1 MiB, or for more than 2 GiB a larger power of two.</summary>
    public static int ChunkLengthOf(long length)
    {
        var chunk = Smallest;
        while (length / chunk >= MostChunks)
        {
            chunk *= 2;
        }

        return chunk;
    }
}
