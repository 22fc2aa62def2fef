namespace Bootstrapper.Images.SecureBoot;

/// <summary>
/// Whether a network GRUB can load over HTTP what is not in it: with Secure Boot it takes no module besides. Debian 13's can,
/// Debian 12's cannot.
/// </summary>
internal static class GrubWithHttp
{
    /// <summary>GRUB's net/http.c says in each request who it is.</summary>
    private static ReadOnlySpan<byte> Mark => "User-Agent: "u8;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsIn(string file) => File.ReadAllBytes(file).AsSpan().IndexOf(Mark) >= 0;
}
