using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bootstrapper.Registry.Tokens;

/// <summary>By which skopeo, when we run it, gets a token: made anew at each start, and on the disk only while it runs.</summary>
internal sealed class ProgramPassword
{
    private const string User = "bootstrapper";

    private readonly string _text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public bool Is(string password) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(_text));

    /// <summary>Writes it as <c>skopeo login</c> does (containers-auth.json(5)), 0600.</summary>
    /// <param name="server">Address and port of the registry.</param>
    public void WriteAuthFile(string path, string server)
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{_text}"));
        var servers = new Dictionary<string, object>(StringComparer.Ordinal) { [server] = new { auth } };
        Bsroot.Write(path, JsonSerializer.Serialize(new { auths = servers }), Bsroot.SecretFile);
    }
}
