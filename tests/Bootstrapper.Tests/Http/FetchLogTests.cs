using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Http;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

/// <summary>What requests leave on timelines. Node 1 has the address 127.0.0.2.</summary>
[Trait("Category", "Slow")]
public sealed class FetchLogTests : IAsyncLifetime
{
    private const string Name = "mac=52:54:00:00:00:01";
    private const int ImageLength = 700_001;

    /// <summary>More than any buffer on the way.</summary>
    private const int HugeLength = 200_000_000;

    private TestDaemon _daemon = null!;
    private HttpClient _stranger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<TimelineEvent> Timeline => _daemon.Part<Timeline>().Of(Sample.Node(1).Mac);

    public async ValueTask InitializeAsync()
    {
        var cluster = Sample.Cluster(Sample.Node(1)) with { UnknownNodes = UnknownNodes.Discover };
        _daemon = await TestDaemon.StartAsync(cluster, bsroot =>
        {
            Directory.CreateDirectory(bsroot.Www);
            File.WriteAllBytes(Path.Combine(bsroot.Www, "image"), new byte[ImageLength]);
            using var huge = File.Create(Path.Combine(bsroot.Www, "huge"));
            huge.SetLength(HugeLength);
            File.WriteAllText(Path.Combine(bsroot.Www, "small"), "small");
            File.WriteAllText(Path.Combine(bsroot.Www, "empty"), "");
        });
        _stranger = _daemon.From("127.0.9.9");
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        await _daemon.DisposeAsync();
    }

    /// <summary>Of one kind, of many, and of twenty that come again and again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(3000)]
    public async Task A_stranger_washes_no_theft_off_a_timeline(int kinds)
    {
        const string Theft = "denied /cloud-config/52:54:00:00:00:01: 127.0.9.9 is not the address of n1";
        await AskAsync(_stranger, "/cloud-config/52:54:00:00:00:01");
        for (var number = 0; number < 3000; number++)
        {
            await AskAsync(_stranger, $"/x{number % kinds}?{Name}");
        }

        await AskAsync(_stranger, $"/hosts?{Name}");
        Assert.Contains(Timeline, seen => seen.Text.StartsWith(Theft, StringComparison.Ordinal));
        var files = _daemon.Part<TimelineFiles>();
        await Eventually.True(() =>
            files.Of(Sample.Node(1).Mac).Any(seen => seen.Text.StartsWith(Theft, StringComparison.Ordinal)));
        Assert.InRange(files.Of(Sample.Node(1).Mac).Count(seen => seen.Kind == EventKind.Http), 1, 200);
    }

    /// <summary>How far a machine is, it says itself.</summary>
    [Fact]
    public async Task Each_step_of_the_machine_is_told_and_no_stranger_makes_one()
    {
        using var machine = _daemon.From("127.0.0.2");
        foreach (var client in new[] { _stranger, machine })
        {
            for (var time = 0; time < 4; time++)
            {
                await AskAsync(client, $"/ipxe?{Name}");
            }
        }

        await Eventually.True(() => Timeline.Count(seen => seen is { By: "127.0.0.2", Stage: BootStage.Script }) == 4);
        Assert.Equal(
            ["GET /ipxe: 200", "GET /ipxe: 200, 2 times", "GET /ipxe: 200, 4 times"],
            Timeline.Where(seen => seen is { By: "127.0.9.9", Stage: BootStage.None }).Select(seen => seen.Text));
        Assert.Equal(7, Timeline.Count(seen => seen.Kind == EventKind.Http));
        var files = _daemon.Part<TimelineFiles>();
        await Eventually.True(() => files.Of(Sample.Node(1).Mac).Count(seen => seen.Kind == EventKind.Http) == 7);
        Assert.Equal(4, files.Of(Sample.Node(1).Mac).Count(seen => seen.Stage == BootStage.Script));
    }

    /// <summary>A loader that finds no script has come that far; a file that is not there brings nobody on.</summary>
    [Fact]
    public async Task Of_what_a_machine_does_not_find_what_is_alike_is_folded()
    {
        using var machine = _daemon.From("127.0.0.2");
        for (var time = 0; time < 100; time++)
        {
            await AskAsync(machine, $"/none?{Name}");
        }

        await AskAsync(machine, "/ipxe.none");
        await Eventually.True(() => Timeline.Any(seen => seen.Text == "GET /ipxe.none: 404"));
        Assert.Equal(7, Timeline.Count(seen => seen.Text.StartsWith("GET /none: 404", StringComparison.Ordinal)));
    }

    /// <summary>By what shim asks for, in each boot anew, it shows that shim runs; so it is never folded.</summary>
    [Fact]
    public async Task What_shim_does_not_find_is_told_each_time()
    {
        using var machine = _daemon.From("127.0.0.2");
        for (var time = 0; time < 5; time++)
        {
            await AskAsync(machine, "/tftpboot/shim_certificate_0.efi");
        }

        await Eventually.True(() => Timeline.Count(seen => seen is
        {
            Stage: BootStage.Loader, File: "/tftpboot/shim_certificate_0.efi", Text: "GET /tftpboot/shim_certificate_0.efi: 404",
        }) == 5);
    }

    /// <summary>Its timeline has that only when it has ended.</summary>
    [Fact]
    public async Task What_is_on_its_way_to_a_machine_is_known_while_it_is()
    {
        var running = _daemon.Part<RunningFetches>();
        using var machine = _daemon.From("127.0.0.2");
        using (var answer = await machine.GetAsync("/huge", HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            Assert.Equal(["/huge"], running.To(IPAddress.Parse("127.0.0.2")));
            Assert.Empty(running.To(IPAddress.Parse("127.0.9.9")));
            Assert.DoesNotContain(Timeline, seen => seen.File == "/huge");
        }

        await Eventually.True(() => Timeline.Any(seen => seen is { File: "/huge", Stage: BootStage.None })
            && running.To(IPAddress.Parse("127.0.0.2")).Count == 0);
    }

    /// <summary>Whatever it asked for, and by whichever way that came. By chance it may be, too: so it asks often.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_a_whole_answer_is_on_the_timeline_with_it(bool overTls)
    {
        await using var machine = await ConnectAsync(overTls);
        for (var time = 0; time < 25; time++)
        {
            await AssertNotedAsync(machine, $"GET /ipxe?{Name} HTTP/1.1", "GET /ipxe: 200");
            await AssertNotedAsync(machine, "GET /image HTTP/1.1", "GET /image: 200", ImageLength);
            await AssertNotedAsync(machine, "GET /small HTTP/1.1", "GET /small: 200", 5);
            await AssertNotedAsync(machine, "GET /empty HTTP/1.1", "GET /empty: 200", 0);
            await AssertNotedAsync(machine, "GET /image HTTP/1.1\r\nRange: bytes=1-70000", "GET /image: 206", 70000);
            await AssertNotedAsync(machine, "GET /image HTTP/1.1\r\nIf-None-Match: *", "GET /image: 304");
            await AssertNotedAsync(machine, "HEAD /image HTTP/1.1", "HEAD /image: 200");
            await AssertNotedAsync(machine, $"GET /cloud-config?{Name} HTTP/1.1", "GET /cloud-config: 200");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_a_script_is_on_record(bool overTls)
    {
        await using var machine = await ConnectAsync(overTls);
        for (byte number = 0; number < 100; number++)
        {
            await machine.AskAsync($"GET /ipxe?mac=52:54:00:77:00:{number:x2} HTTP/1.1");
            await ReadAnswerAsync(machine, hasBody: true);
            Assert.NotNull(_daemon.Part<NodeInventory>().Find(MacAddress.Parse($"52:54:00:77:00:{number:x2}", null)));
        }
    }

    private async Task AssertNotedAsync(FileClient machine, string request, string expected, long? bytes = null)
    {
        var before = _daemon.Part<Timeline>().LastId;
        await machine.AskAsync(request);
        await ReadAnswerAsync(machine, hasBody: !request.StartsWith("HEAD ", StringComparison.Ordinal));
        var noted = Assert.Single(Timeline, seen => seen.Kind == EventKind.Http && seen.Id > before);
        Assert.Equal((expected, bytes ?? noted.Bytes), (noted.Text, noted.Bytes));
    }

    private static async Task ReadAnswerAsync(FileClient machine, bool hasBody)
    {
        var (_, length) = await machine.ReadHeadAsync();
        Assert.Equal(hasBody ? length : 0, (await machine.ReadAsync(hasBody ? length : 0)).Length);
    }

    private Task<FileClient> ConnectAsync(bool overTls) => FileClient.ConnectAsync(
        overTls ? _daemon.HttpsPort : _daemon.Port, "127.0.0.2", overTls ? _daemon.Tls() : null);

    private static async Task AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancellation);
    }
}
