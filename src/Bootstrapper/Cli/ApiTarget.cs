using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Http;
using Bootstrapper.Pki;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Bootstrapper.Cli;

/// <summary>Which bootstrapper to speak to, as whom, and by which root to know it.</summary>
/// <param name="Roots">PEM file; <c>null</c> for the roots that this machine trusts.</param>
internal sealed record ApiTarget(Uri Server, string Token, string? Roots)
{
    /// <summary>
    /// An option goes before the environment, that before the configuration file, and that before what lies in the data root,
    /// which only the bootstrapper's own machine has.
    /// </summary>
    /// <exception cref="ApiException">Something is missing; what to do about it is said.</exception>
    public static ApiTarget Find(ParseResult parsed) => Find(parsed, parsed.Bsroot(ApiOptions.DataRoot));

    /// <inheritdoc cref="Find(ParseResult)"/>
    public static ApiTarget Find(ParseResult parsed, Bsroot bsroot)
    {
        var path = parsed.GetValue(ApiOptions.Config) ?? DefaultFile;
        var file = ReadFile(path);
        string? Stated(Option<string?> option, string key) => parsed.GetValue(option) ?? file.GetValueOrDefault(key);

        var server = Stated(ApiOptions.Server, "server") ?? DaemonAddress.In(bsroot)?.Api.OriginalString
            ?? throw new ApiException(ExitCode.Usage, $"no server: pass --server https://…, "
                + $"or write 'server: https://…' into {path}; on its own host, pass --bsroot DIR, where it has run");
        var token = Stated(ApiOptions.Token, "token") ?? AdminTokenIn(bsroot)
            ?? throw new ApiException(ExitCode.Usage, $"no token: pass --token, set BOOTSTRAPPER_TOKEN, "
                + $"or write 'token: …' into {path}; the first one is admin.token in the data root");
        if (token.Trim().Any(letter => letter is <= ' ' or > '~'))
        {
            throw new ApiException(ExitCode.Usage, "what is given as the token is none: a token is one word of ASCII");
        }

        var roots = Stated(ApiOptions.Roots, "ca") ?? (File.Exists(bsroot.CaCertificate) ? bsroot.CaCertificate : null);
        return Uri.TryCreate(server, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? new ApiTarget(url, token.Trim(), roots)
            : throw new ApiException(ExitCode.Usage, $"{server} is not an https:// address");
    }

    /// <exception cref="ApiException">The roots cannot be read.</exception>
    public HttpClient Connect()
    {
        var handler = new SocketsHttpHandler();
        if (Roots is not null)
        {
            handler.SslOptions.CertificateChainPolicy = RootChain.PolicyFor(ReadRoots(Roots));
        }

        return new HttpClient(handler) { BaseAddress = Server, DefaultRequestHeaders = { Authorization = new("Bearer", Token) } };
    }

    private static string DefaultFile => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "bootstrapper",
        "config.yml");

    private static X509Certificate2Collection ReadRoots(string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new ApiException(ExitCode.MissingInput, $"the root certificate {file} cannot be read: {e.Message}");
        }
    }

    private static IReadOnlyDictionary<string, string> ReadFile(string path)
    {
        try
        {
            return (File.Exists(path)
                ? new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(File.ReadAllText(path))
                : null)
                ?? new Dictionary<string, string>(StringComparer.Ordinal);
        }
        catch (YamlException e)
        {
            throw new ApiException(
                ExitCode.InvalidInput,
                string.Create(CultureInfo.InvariantCulture, $"{path}:{e.Start.Line}:{e.Start.Column}: ")
                    + "expected 'server: https://…', 'token: …' and 'ca: FILE', each on a line of its own");
        }
    }

    /// <returns><c>null</c> where there is none, or where it is not for this user.</returns>
    private static string? AdminTokenIn(Bsroot bsroot)
    {
        try
        {
            return File.Exists(bsroot.AdminToken) ? File.ReadAllText(bsroot.AdminToken) : null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
