using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Host;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// The bearer tokens that are good: <c>admin.token</c>, made when it is missing, and what lies in <c>operators/</c>, where
/// <c>alice.operator</c> holds the token of Alice. Giving somebody access is writing a file, taking it away is deleting one.
/// </summary>
internal sealed class OperatorTokens(Bsroot bsroot, TimeProvider time)
{
    private const string Scheme = "Bearer ";
    private const int RandomBytes = 32;

    /// <summary>Of a file with a token, in bytes: what is larger holds none.</summary>
    private const long Largest = 64 * 1024;

    /// <summary>Nobody guesses this many characters.</summary>
    private const int ShortestToken = 20;

    private readonly Glance<Dictionary<string, Operator>> _byDigest = new(TimeSpan.FromSeconds(1), _ => Read(bsroot), time);

    /// <summary>Makes the first token, so that there is somebody who may do everything.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Ensure()
    {
        if (!File.Exists(bsroot.AdminToken))
        {
            Bsroot.Write(
                bsroot.AdminToken,
                Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)) + "\n",
                Bsroot.SecretFile);
        }
    }

    public static bool HasToken(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <returns>The token that the request brings, be it somebody's or not.</returns>
    public static string? TokenOf(HttpRequest request) =>
        HasToken(request) ? request.Headers.Authorization.ToString()[Scheme.Length..].Trim() : null;

    /// <returns>Whose token the request brings; <c>null</c> when it is nobody's, any more.</returns>
    public Operator? Of(HttpRequest request) => TokenOf(request) is { } token ? Find(token) : null;

    /// <returns><c>null</c> when it is nobody's, any more.</returns>
    /// <remarks>Tokens are compared by digest: how long that takes tells nothing about them.</remarks>
    public Operator? Find(string token) => OfDigest(Digest(token));

    /// <inheritdoc cref="Find"/>
    public Operator? OfDigest(string digest) => _byDigest.Now.GetValueOrDefault(digest);

    public static string Digest(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static Dictionary<string, Operator> Read(Bsroot bsroot)
    {
        var byDigest = new Dictionary<string, Operator>(StringComparer.Ordinal);
        foreach (var (file, who) in Files(bsroot)
            .Where(entry => File.Exists(entry.File) && BoundedFile.Objection(entry.File, Largest) is null))
        {
            if (File.ReadAllText(file).Trim() is { Length: >= ShortestToken } token)
            {
                byDigest[Digest(token)] = who;
            }
        }

        return byDigest;
    }

    private static IEnumerable<(string File, Operator Who)> Files(Bsroot bsroot) =>
    [
        .. from file in Directory.Exists(bsroot.Operators) ? Directory.EnumerateFiles(bsroot.Operators) : []
           let role = Path.GetExtension(file).TrimStart('.')
           where Enum.GetNames<OperatorRole>().Contains(role, StringComparer.OrdinalIgnoreCase)
           select (file, new Operator(Path.GetFileNameWithoutExtension(file), Enum.Parse<OperatorRole>(role, ignoreCase: true))),
        (bsroot.AdminToken, new Operator("admin", OperatorRole.Admin)),
    ];
}
