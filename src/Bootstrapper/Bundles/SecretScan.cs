namespace Bootstrapper.Bundles;

/// <summary>Private keys that lie where what is public lies. Nothing of ours is there; an operator's mistake may be.</summary>
internal static class SecretScan
{
    /// <summary>Keys are short; images are not.</summary>
    private const long Largest = 1 << 20;

    private static readonly byte[] Pem = "PRIVATE KEY-----"u8.ToArray(), OpenPgp = "PRIVATE KEY BLOCK-----"u8.ToArray();

    /// <returns>One line for each file that must not travel.</returns>
    public static IEnumerable<string> Problems(IContent content) =>
        from path in content.Files.Order(StringComparer.Ordinal)
        where HoldsKey(path, content)
        select $"{path} holds a private key: remove it, everyone can read a bundle";

    private static bool HoldsKey(string path, IContent content)
    {
        using var stream = content.Open(path);
        if (stream is null || stream.Length > Largest)
        {
            return false;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Pem) >= 0 || bytes.AsSpan().IndexOf(OpenPgp) >= 0
            || (path.StartsWith(BundlePath.SigningKeys, StringComparison.Ordinal) && IsSecretPacket(bytes));
    }

    /// <summary>RFC 4880, 4.2: a packet with tag 5, secret key, in the old or the new format of its header.</summary>
    private static bool IsSecretPacket(ReadOnlySpan<byte> bytes) =>
        bytes is [var header, ..] && ((header & 0xfc) == 0x94 || header == 0xc5);
}
