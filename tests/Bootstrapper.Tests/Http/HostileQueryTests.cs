using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

/// <summary>
/// Ten thousand requests that nobody means well, word for word on the wire: no client tidies them up. They go to every route that
/// the program lists, by every method, and to all places where files are.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class HostileQueryTests(MatchboxFixture fixture, ITestOutputHelper output) : IClassFixture<MatchboxFixture>
{
    private const int Requests = 10_000;
    private const string Secret = "outside-of-every-root", Injected = "X-Injected";

    /// <summary>
    /// Where files and the dashboard are answered, which are no routes; and where there is nothing. All of it over TLS as well.
    /// </summary>
    private static readonly ServedRoute[] Files =
    [
        .. new[] { "/", "/assets/", "/assets/flatcar/", "/images/",
            "/signing-keys/", "/tftpboot/", "/stable/", "/static/", "/nothing/" }
            .SelectMany(
                path => new[] { false, true },
                (path, overTls) => new ServedRoute(path, ["GET", "HEAD", "POST"], overTls)),
    ];

    private static readonly string[] Names =
    [
        "mac", "MAC", "uuid", "serial", "hostname", "os", "region", "role", "note", "override_ipv4", "request", "state", "limit",
        "search", "sort", "node", "after", "before", "size", "leaf", "signerName", "", "%00", "a[]",
    ];

    private static readonly string[] Headers =
    [
        "If-Match", "If-None-Match", "Range", "Last-Event-ID", "Accept", "Content-Encoding", "X-HTTP-Method-Override", "Cookie",
        "Origin",
    ];

    private static readonly string[] Bodies =
    [
        "{", "[]", "null", "{\"state\":7}", "{\"reason\":[]}", "{\"labels\":{\"a\":null}}", "state=", "value=x&size=-1",
        "-----BEGIN CERTIFICATE REQUEST-----", "\0",
    ];

    private static readonly string[] Pieces =
    [
        "../",
        "..%2f",
        "%2e%2e/",
        "..%5c",
        "%252e%252e%252f",
        "/etc/passwd",
        "ca.key",
        "outside.txt",
        "%0d%0aX-Injected:%201",
        "%0aX-Injected:1",
        "%00",
        "%ff%fe",
        "%c0%ae",
        "52:54:00:00:00:01",
        "52-54-00-a1-9c-01",
        "us-central1",
        "installed",
        "storage",
        "{{.name}}",
        "${uuid}",
        "%F0%9F%92%A9",
        "ü",
        "\u202e",
        "%u0041",
        "%",
        "%zz",
        "+",
        ";", "&", "&&", "=", "==", "#", "\"", "'", "<script>", "\\", "|", "127.0.0.2", "1cff2cd8-f00a-42c8-9426-f55e6a1847f6",
    ];

    [Fact]
    public async Task No_request_brings_a_500_an_exception_a_file_from_outside_or_a_header_of_the_askers_making()
    {
        await File.WriteAllTextAsync(fixture.Daemon.Bsroot.At("outside.txt"), Secret, TestContext.Current.CancellationToken);
        ServedRoute[] routes = [.. fixture.Daemon.Routes, .. Files];
        var token = (await File.ReadAllTextAsync(fixture.Daemon.Bsroot.AdminToken, TestContext.Current.CancellationToken)).Trim();
        var statuses = new int[600];
        var answered = new int[routes.Length];
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            var (random, index) = (new Random(number), number % routes.Length);
            var request = Request(random, routes[index], token);
            var answer = await AskAsync(request, routes[index].ForOperators);
            var status = int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);
            Interlocked.Increment(ref statuses[status]);
            answered[index] |= status is 200 or 202 or 204 or 403 or 404 or 409 ? 1 : 0;
            Assert.True(status != 500, $"{number}: {request}: {answer}");
            Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
            Assert.DoesNotMatch(Key(), answer);
            Assert.DoesNotContain("root:x:0", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(Injected, answer.Split("\r\n\r\n", 2)[0], StringComparison.OrdinalIgnoreCase);
        });

        output.WriteLine(string.Join(
            ", ", statuses.Index().Where(status => status.Item > 0).Select(status => $"{status.Index}: {status.Item}")));
        Assert.DoesNotContain(
            fixture.Daemon.Log.Lines,
            line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Fatal", StringComparison.Ordinal));
        Assert.True(statuses[200] > Requests / 20, "nearly nothing was answered: the requests are not what they should be");
        Assert.All(
            answered.Index(),
            route => Assert.True(route.Item > 0, $"nothing got through to {routes[route.Index].Pattern}"));
    }

    private static string Request(Random random, ServedRoute route, string token)
    {
        var method = random.Next(10) == 0 ? "BREW" : route.Methods[random.Next(route.Methods.Count)];
        var request = new StringBuilder($"{method} {Target(random, route)} HTTP/1.1\r\nHost: boot\r\nConnection: close\r\n");
        if (route.ForOperators)
        {
            request.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {token}\r\n");
        }

        if (random.Next(4) == 0)
        {
            request.Append(CultureInfo.InvariantCulture, $"{Headers[random.Next(Headers.Length)]}: {Piece(random)}\r\n");
        }

        var body = method is "GET" or "HEAD" && random.Next(20) > 0 ? "" : Body(random);
        var type = random.Next(3) switch
        {
            0 => "application/x-www-form-urlencoded",
            1 => Piece(random),
            _ => "application/json",
        };
        return request.Append(
            CultureInfo.InvariantCulture,
            $"Content-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}").ToString();
    }

    private static string Body(Random random) => random.Next(3) == 0 ? Piece(random) : Bodies[random.Next(Bodies.Length)];

    private static string Target(Random random, ServedRoute route)
    {
        var target = new StringBuilder(route.Path(parameter => random.Next(3) == 0 ? Known(parameter) : Piece(random)));
        for (var i = Math.Max(0, random.Next(5) - 2); i > 0; i--)
        {
            target.Append(Piece(random));
        }

        target.Append('?');
        for (var i = random.Next(6); i > 0; i--)
        {
            target.Append(Names[random.Next(Names.Length)]).Append('=').Append(Piece(random)).Append(Piece(random)).Append('&');
        }

        return target.ToString();
    }

    private static string Known(string parameter) => parameter switch
    {
        "{node}" => "n1",
        "{documentName}" => "v1",
        "{action}" => "set_metadata",
        "{id}" => "0123456789012345678901234567890123456789",
        _ => "52:54:00:00:00:01",
    };

    private static string Piece(Random random) => random.Next(20) switch
    {
        0 => new string('A', random.Next(1, 12_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => $"%{random.Next(256):x2}")),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0x80, 0x3000))),
        3 => "",
        _ => Pieces[random.Next(Pieces.Length)],
    };

    private async Task<string> AskAsync(string request, bool overTls)
    {
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(MatchboxFixture.Stranger), 0));
        await client.ConnectAsync(
            IPAddress.Loopback, overTls ? fixture.Daemon.HttpsPort : fixture.Daemon.Port, TestContext.Current.CancellationToken);
        try
        {
            await using var stream = overTls ? await SecureAsync(client.GetStream()) : client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
            return await ReadAsync(stream);
        }
        catch (IOException)
        {
            return "HTTP/1.1 414 closed before all of it was read";
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(fixture.Daemon.Tls(), TestContext.Current.CancellationToken);
        return secure;
    }

    /// <summary>To the end; of a stream of events, which has none, what comes first.</summary>
    private static async Task<string> ReadAsync(Stream stream)
    {
        var buffer = new byte[8192];
        using var answer = new MemoryStream();
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var length)
        {
            await answer.WriteAsync(buffer.AsMemory(0, length), TestContext.Current.CancellationToken);
            if (buffer.AsSpan(0, length).IndexOf("text/event-stream"u8) >= 0)
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>Also in JSON, where a line break is two characters; and none that is masked.</summary>
    [GeneratedRegex(
        @"BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/=]{16}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Key();
}
