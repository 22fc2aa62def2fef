using System.Text;

namespace Bootstrapper.Rendering.Configs;

/// <summary>URLs that hold what they lead to (RFC 2397), as Ignition configs have them.</summary>
internal static class DataUrl
{
    /// <returns>The content; or <paramref name="text"/> itself, where it is no such URL, or one that nobody can read.</returns>
    public static string Content(string text) =>
        !text.StartsWith("data:", StringComparison.Ordinal) || text.Split(',', 2) is not [var kind, var content] ? text
            : !kind.EndsWith(";base64", StringComparison.Ordinal) ? Uri.UnescapeDataString(content)
            : OfBase64(Uri.UnescapeDataString(content)) ?? text;

    private static string? OfBase64(string content)
    {
        var octets = new byte[content.Length];
        return Convert.TryFromBase64String(content, octets, out var length) ? Encoding.UTF8.GetString(octets, 0, length) : null;
    }
}
