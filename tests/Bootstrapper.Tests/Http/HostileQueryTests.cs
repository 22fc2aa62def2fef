using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Inventory;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

/// <summary>
/// Ten thousand requests that nobody means well, word for word on the wire: no client tidies them up. They go to every route that
/// the program lists, by every method, and to all places where files are; from nobody, from a node, and with each role's token.
/// Each test has a program of its own: what one changed goes onto the audit trail for a while yet.
/// </summary>
public sealed partial class HostileQueryTests(ITestOutputHelper output) : IAsyncLifetime
{
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

    private readonly MatchboxFixture _fixture = new();

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
        "state=running&progress=1e999&disk=/dev/sda&message=%0d%0aX-Injected:%201",
        "{\"state\":\"failed\",\"message\":\"\\ud800\"}",
        "{\"cpus\":-1,\"memory\":1e400,\"disks\":[null]}",
        "{\"nics\":[{\"name\":\"e\",\"mac\":\"52:54:00:00:00:01\",\"link\":1}]}",
        "{\"mac\":\"52:54:00:00:00:01\",\"hostname\":\"../../x\",\"profile\":\"${uuid}\"}",
        new('[', 5000),
        $"\"{new string('x', 60_000)}\"",
        "--b\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\nrunning\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\nrunn",
        "value=n1=http://127.0.0.1:2380&prevExist=false",
        "{\"labels\":{\"../x\":\"y\"},\"variables\":{\"__proto__\":{}},\"state\":\"installed\"}",
        "%00=%00&state[]=installed&state=installed",
    ];

    private static readonly string[] Types =
    [
        "application/x-www-form-urlencoded", "application/json", "application/merge-patch+json",
        "multipart/form-data; boundary=b", "application/x-www-form-urlencoded; charset=utf-7",
    ];

    /// <summary>Who asks; behind <see cref="Asker.Node"/> those who may change things.</summary>
    private enum Asker
    {
        Nobody,
        Viewer,
        Node,
        Operator,
        Admin,
    }

    /// <summary>
    /// What is allowed to be another afterwards, by whom: the timeline, which tells of refusals; the browsers that whoever has a
    /// token signed in; and of a node, what it says of itself, in its record and its boot file, and the leaves that it was given.
    /// </summary>
    private static readonly (Asker Least, string Path)[] Changing =
    [
        (Asker.Nobody, "timeline/"), (Asker.Viewer, "sessions.json"), (Asker.Node, "inventory/"), (Asker.Node, "tls/"),
        (Asker.Node, "tftpboot/pxelinux.cfg/01-52-54-00-00-00-01"),
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

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    [Trait("Category", "Slow")]
    public Task Of_thousands_of_requests_none_learns_or_changes_what_is_not_the_askers() =>
        AskAsync(Sampling.Of(whole: 10_000, sample: 3_000));

    [Fact]
    public Task Of_a_sample_neither() => AskAsync(1_000);

    private async Task AskAsync(int requests)
    {
        var bsroot = _fixture.Daemon.Bsroot;
        Bsroot.Write(bsroot.At("outside.txt"), Secret);
        Bsroot.Write(Path.Combine(bsroot.Operators, "vera.viewer"), "vera-has-a-long-enough-token", Bsroot.SecretFile);
        Bsroot.Write(Path.Combine(bsroot.Operators, "otto.operator"), "otto-has-a-long-enough-token", Bsroot.SecretFile);
        await KeepPlannedAsync();
        var secrets = Secrets(bsroot);
        ServedRoute[] routes = [.. _fixture.Daemon.Routes, .. Files];
        var (statuses, answered) = (new int[600], new int[routes.Length]);
        foreach (var asker in Enum.GetValues<Asker>())
        {
            var before = Contents(bsroot);
            var (first, count) = ((int)asker * requests / 5, requests / 5);
            await Parallel.ForAsync(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
            {
                var (random, index) = (new Random(number), number % routes.Length);
                var request = Request(random, routes[index], TokenOf(asker, bsroot));
                var answer = await AskAsync(request, routes[index].ForOperators, asker);
                var status = int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);
                Interlocked.Increment(ref statuses[status]);
                answered[index] |= status is 200 or 202 or 204 or 400 or 401 or 403 or 404 or 409 ? 1 : 0;
                Assert.True(status != 500, $"{number}: {request}: {answer}");
                Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, answer, StringComparison.Ordinal));
                Assert.True(asker == Asker.Node || !Key().IsMatch(answer), $"{number}: {request}: {answer}");
                Assert.DoesNotContain("root:x:0", answer, StringComparison.Ordinal);
                Assert.DoesNotContain(Injected, answer.Split("\r\n\r\n", 2)[0], StringComparison.OrdinalIgnoreCase);
            });
            var after = Contents(bsroot);
            var changed = Changed(before, after).ToList();
            output.WriteLine($"{asker}: {string.Join(' ', changed.Select(path => path.Split('/')[0]).Distinct())}");
            Assert.DoesNotContain(changed, path => asker <= Asker.Node && !MayChange(asker, path));
        }

        output.WriteLine(string.Join(
            ", ", statuses.Index().Where(status => status.Item > 0).Select(status => $"{status.Index}: {status.Item}")));
        Assert.DoesNotContain(
            _fixture.Daemon.Log.Lines,
            line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Fatal", StringComparison.Ordinal));
        Assert.True(statuses[200] > requests / 20, "nearly nothing was answered: the requests are not what they should be");
        Assert.All(
            answered.Index().Where(_ => requests > 40 * routes.Length),
            route => Assert.True(route.Item > 0, $"nothing got through to {routes[route.Index].Pattern}"));
        Assert.Equal(secrets, Secrets(bsroot));
    }

    /// <summary>Else it is done once a minute, in whoever's time that is.</summary>
    private Task KeepPlannedAsync()
    {
        var daemon = _fixture.Daemon;
        daemon.Part<NodeInventory>().KeepPlanned(daemon.Current.Value.Cluster.Nodes);
        return Eventually.True(() => File.Exists(Path.Combine(daemon.Bsroot.Inventory, ".git", "HEAD"))
            && AuditLog.Uncommitted(daemon.Bsroot).Count == 0);
    }

    private static bool MayChange(Asker asker, string path) => Changing.Any(allowed =>
        path.StartsWith(allowed.Path, StringComparison.Ordinal) && (allowed.Least == Asker.Nobody || asker == allowed.Least));

    private static string? TokenOf(Asker asker, Bsroot bsroot) => asker switch
    {
        Asker.Viewer => "vera-has-a-long-enough-token",
        Asker.Operator => "otto-has-a-long-enough-token",
        Asker.Admin => File.ReadAllText(bsroot.AdminToken).Trim(),
        _ => null,
    };

    /// <summary>A line of each of our own keys, and the tokens.</summary>
    private static List<string> Secrets(Bsroot bsroot) =>
    [
        .. new[]
        {
            bsroot.CaKey, bsroot.EtcdRoot.Key, bsroot.FrontProxyRoot.Key, bsroot.FrontKey, bsroot.RegistryKey, bsroot.TokenKey,
        }
            .Where(File.Exists).Select(key => File.ReadAllLines(key)[1]),
        File.ReadAllText(bsroot.AdminToken).Trim(), "vera-has-a-long-enough-token", "otto-has-a-long-enough-token",
    ];

    private static Dictionary<string, string> Contents(Bsroot bsroot) =>
        Directory.EnumerateFiles(bsroot.Root, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".partial", StringComparison.Ordinal))
            .ToDictionary(
                file => Path.GetRelativePath(bsroot.Root, file),
                file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))),
                StringComparer.Ordinal);

    private static IEnumerable<string> Changed(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path));

    private static string Request(Random random, ServedRoute route, string? token)
    {
        var method = random.Next(10) == 0 ? "BREW" : route.Methods[random.Next(route.Methods.Count)];
        var request = new StringBuilder($"{method} {Target(random, route)} HTTP/1.1\r\nHost: boot\r\nConnection: close\r\n");
        if (token is not null)
        {
            request.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {token}\r\n");
        }

        if (random.Next(4) == 0)
        {
            request.Append(CultureInfo.InvariantCulture, $"{Headers[random.Next(Headers.Length)]}: {Piece(random)}\r\n");
        }

        var body = method is "GET" or "HEAD" && random.Next(20) > 0 ? "" : Body(random);
        var type = random.Next(4) == 0 ? Piece(random) : Types[random.Next(Types.Length)];
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

    private async Task<string> AskAsync(string request, bool overTls, Asker asker)
    {
        var from = IPAddress.Parse(asker == Asker.Node ? "127.0.0.2" : MatchboxFixture.Stranger);
        using var client = new TcpClient(new IPEndPoint(from, 0));
        await client.ConnectAsync(
            IPAddress.Loopback,
            overTls ? _fixture.Daemon.HttpsPort : _fixture.Daemon.Port,
            TestContext.Current.CancellationToken);
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
        await secure.AuthenticateAsClientAsync(_fixture.Daemon.Tls(), TestContext.Current.CancellationToken);
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
        @"BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/=]{16}")]
    private static partial Regex Key();
}
