using System.Net;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Tests.Matchbox;

namespace Bootstrapper.Tests.Http;

/// <summary>Ten thousand requests that nobody means well, word for word on the wire: no client tidies them up.</summary>
[Trait("Category", "Slow")]
public sealed class HostileQueryTests(MatchboxFixture fixture, ITestOutputHelper output) : IClassFixture<MatchboxFixture>
{
    private const int Requests = 10_000;
    private const string Secret = "outside-of-every-root", Injected = "X-Injected";

    private static readonly string[] Routes =
    [
        "/", "/boot.ipxe", "/boot.ipxe.0", "/ipxe", "/grub", "/ignition", "/cloud", "/generic", "/metadata", "/assets/", "/assets/flatcar/",
        "/ipxe.sig", "/ignition.asc", "/pixiecore/v1/boot/", "/ipxebootscript", "/images/", "/install.sh", "/cloud-config", "/cloud-config/",
        "/cloud-configs/", "/ignition/", "/tls/", "/ca.crt", "/signing-keys/", "/tftpboot/", "/stable/", "/static/", "/readyz", "/healthz", "/api/v1/report/",
    ];

    private static readonly string[] Names = ["mac", "MAC", "uuid", "serial", "hostname", "os", "region", "role", "note", "override_ipv4", "request", "", "%00", "a[]"];

    private static readonly string[] Pieces =
    [
        "../", "..%2f", "%2e%2e/", "..%5c", "%252e%252e%252f", "/etc/passwd", "ca.key", "outside.txt", "%0d%0aX-Injected:%201", "%0aX-Injected:1", "%00", "%ff%fe", "%c0%ae",
        "52:54:00:00:00:01", "52-54-00-a1-9c-01", "us-central1", "installed", "storage", "{{.name}}", "${uuid}", "%F0%9F%92%A9", "ü", "\u202e", "%u0041", "%", "%zz", "+",
        ";", "&", "&&", "=", "==", "#", "\"", "'", "<script>", "\\", "|", "127.0.0.2", "1cff2cd8-f00a-42c8-9426-f55e6a1847f6",
    ];

    [Fact]
    public async Task No_request_brings_a_500_an_exception_a_file_from_outside_or_a_header_of_the_askers_making()
    {
        await File.WriteAllTextAsync(fixture.Daemon.Bsroot.At("outside.txt"), Secret, TestContext.Current.CancellationToken);
        var statuses = new int[600];
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            var target = Target(new Random(number));
            var answer = await AskAsync(target);
            var status = int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            Interlocked.Increment(ref statuses[status]);
            Assert.True(status != 500, $"{number}: {target}: {answer}");
            Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE KEY", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("root:x:0", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(Injected, answer.Split("\r\n\r\n", 2)[0], StringComparison.OrdinalIgnoreCase);
        });

        output.WriteLine(string.Join(", ", statuses.Index().Where(status => status.Item > 0).Select(status => $"{status.Index}: {status.Item}")));
        Assert.DoesNotContain(fixture.Daemon.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Fatal", StringComparison.Ordinal));
        Assert.True(statuses[200] > Requests / 20, "nearly nothing was answered: the requests are not what they should be");
    }

    private static string Target(Random random)
    {
        var target = new StringBuilder(Routes[random.Next(Routes.Length)]);
        for (var i = random.Next(3); i > 0; i--)
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

    private static string Piece(Random random) => random.Next(20) switch
    {
        0 => new string('A', random.Next(1, 12_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => $"%{random.Next(256):x2}")),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0x80, 0x3000))),
        3 => "",
        _ => Pieces[random.Next(Pieces.Length)],
    };

    private async Task<string> AskAsync(string target)
    {
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(MatchboxFixture.Stranger), 0));
        await client.ConnectAsync(IPAddress.Loopback, fixture.Daemon.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET {target} HTTP/1.1\r\nHost: boot\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
            return Encoding.UTF8.GetString(answer.ToArray());
        }
        catch (IOException)
        {
            return "HTTP/1.1 414 closed before all of it was read";
        }
    }
}
