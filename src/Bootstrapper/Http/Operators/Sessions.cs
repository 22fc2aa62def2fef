using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Bootstrapper.Host;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Who has signed in with a browser. A session stands for the token that it began with, has its role, and ends with it: when its
/// file is removed or changed, when somebody signs out, and after <see cref="Lifetime"/>. The browser has a random name for it;
/// <c>sessions.json</c> has digests alone, so that it opens nothing, and nobody is signed out by a restart.
/// </summary>
internal sealed class Sessions(Bsroot bsroot, OperatorTokens tokens, TimeProvider time)
{
    /// <summary>Browsers take it from this host alone, over TLS, for all paths (RFC 6265bis, 4.1.3.2).</summary>
    public const string Cookie = "__Host-bootstrapper";

    /// <summary>What the dashboard sends; pages of other sites cannot, without asking us first (Fetch, CORS-preflight).</summary>
    public const string Header = "X-Requested-With";

    /// <summary>A working day.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Of one token: whoever has it can not fill the disk, and ends nobody else's.</summary>
    internal const int MostOfOne = 20;

    private const int RandomBytes = 32;
    private const long Largest = 4 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _gate = new();
    private List<Session> _all = Read(bsroot);

    /// <summary>Whether a browser sends one along, be it somebody's or not.</summary>
    public static bool IsNamed(HttpRequest request) => request.Cookies.ContainsKey(Cookie);

    /// <returns>Who has signed in as this; <c>null</c> when nobody has, any more.</returns>
    public Operator? Of(HttpRequest request) =>
        request.Cookies[Cookie] is { } name && Find(OperatorTokens.Digest(name)) is { } session
            ? tokens.OfDigest(session.Token)
            : null;

    /// <summary>When it returns, the session survives a restart.</summary>
    /// <param name="token">One that is somebody's.</param>
    /// <returns>The session's name, for the browser alone.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public string Begin(string token)
    {
        var name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var session = new Session(OperatorTokens.Digest(name), OperatorTokens.Digest(token), time.GetUtcNow() + Lifetime);
        Change(all =>
        [
            .. all.Where(other => other.Token != session.Token),
            .. all.Where(other => other.Token == session.Token).TakeLast(MostOfOne - 1),
            session,
        ]);
        return name;
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public void End(HttpRequest request)
    {
        if (request.Cookies[Cookie] is { } name)
        {
            Change(all => [.. all.Where(session => session.Name != OperatorTokens.Digest(name))]);
        }
    }

    private Session? Find(string name)
    {
        lock (_gate)
        {
            return _all.Find(session => session.Name == name && session.Until > time.GetUtcNow());
        }
    }

    private void Change(Func<IEnumerable<Session>, List<Session>> change)
    {
        lock (_gate)
        {
            var all = change(_all.Where(
                session => session.Until > time.GetUtcNow() && tokens.OfDigest(session.Token) is not null));
            Bsroot.Write(bsroot.Sessions, JsonSerializer.Serialize(all, Json) + "\n", Bsroot.SecretFile);
            _all = all;
        }
    }

    /// <summary>From a file that cannot be read nobody is signed in, nor is who has a broken entry.</summary>
    private static List<Session> Read(Bsroot bsroot)
    {
        try
        {
            return File.Exists(bsroot.Sessions)
                ? [.. Parse(BoundedFile.ReadText(bsroot.Sessions, Largest)).OfType<Session>().Where(IsWhole)]
                : [];
        }
        catch (Exception e) when (e is JsonException or NotUtf8Exception or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static List<Session?> Parse(string text) => JsonSerializer.Deserialize<List<Session?>>(text, Json) ?? [];

    private static bool IsWhole(Session read) => read is { Name: not null, Token: not null };

    /// <param name="Name">Digest of what the browser has.</param>
    /// <param name="Token">Digest of the token that it began with.</param>
    private sealed record Session(string Name, string Token, DateTimeOffset Until);
}
