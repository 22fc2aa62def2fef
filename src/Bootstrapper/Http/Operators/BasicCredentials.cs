using System.Text;

namespace Bootstrapper.Http.Operators;

/// <summary>What <c>docker login</c> sends (RFC 7617): <c>Authorization: Basic</c> with <c>user:password</c> in base64.</summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic ";

    /// <returns><c>null</c> where there is none, or it cannot be read.</returns>
    public static string? PasswordOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? pair[(colon + 1)..] : null;
    }
}
