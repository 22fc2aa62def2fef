using System.Text.Json;
using Bootstrapper.Model;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Bootstrapper.Registry.Tokens;

/// <summary>
/// Writes the registry's tokens: JSON Web Tokens as distribution 2.8 reads them (<c>registry/auth/token/token.go</c>). It finds
/// the key by the certificate in <c>x5c</c>, and takes <c>aud</c> only as a text.
/// </summary>
internal sealed class RegistryTokens(TokenKey key, TimeProvider time)
{
    /// <summary>The registry lets a minute more pass.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BackDated = TimeSpan.FromMinutes(1);

    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials _signing =
        new(new ECDsaSecurityKey(key.Key), SecurityAlgorithms.EcdsaSha256);

    private readonly string[] _chain = [Convert.ToBase64String(key.Certificate.RawData)];

    /// <param name="subject">Who is given it; the registry's log names them.</param>
    /// <param name="access">What its bearer may do.</param>
    public RegistryToken Mint(string subject, IReadOnlyList<RegistryScope> access)
    {
        var now = time.GetUtcNow();
        var content = Content(now, new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = subject,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            ["access"] = JsonSerializer.SerializeToElement(access, JsonSerializerOptions.Web),
        });
        lock (_writer) // a key signs for one at a time
        {
            return new RegistryToken(_writer.CreateToken(content), now);
        }
    }

    private SecurityTokenDescriptor Content(DateTimeOffset now, Dictionary<string, object> claims) => new()
    {
        Issuer = TokenServer.Issuer,
        Audience = TokenServer.Service,
        IssuedAt = now.UtcDateTime,
        NotBefore = (now - BackDated).UtcDateTime,
        Expires = (now + Lifetime).UtcDateTime,
        Claims = claims,
        AdditionalHeaderClaims = new Dictionary<string, object>(StringComparer.Ordinal) { ["x5c"] = _chain },
        SigningCredentials = _signing,
    };
}

internal sealed record RegistryToken(string Text, DateTimeOffset IssuedAt);
