using System.Globalization;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>
/// Files, by the way that copies nothing and, over TLS, by the ordinary one: whoever fetches them sees no difference.
/// Node 1 is at 127.0.0.2.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SentFilesTests : IAsyncLifetime
{
    private const int ImageLength = 3_000_017, LargeLength = 64 * 1024 * 1024;

    /// <summary>More than 32 bits count, and than one call of sendfile(2) takes.</summary>
    private const long HugeLength = 5L * 1024 * 1024 * 1024;

    private readonly byte[] _image = new byte[ImageLength];
    private TestDaemon _daemon = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        new Random(Seed: 15).NextBytes(_image);
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        {
            Directory.CreateDirectory(bsroot.Www);
            File.WriteAllBytes(Path.Combine(bsroot.Www, "image"), _image);
            File.WriteAllBytes(Path.Combine(bsroot.Www, "empty"), []);
            using var large = File.Create(Path.Combine(bsroot.Www, "large"));
            large.Write(_image);
            large.SetLength(LargeLength);
            using var huge = File.Create(Path.Combine(bsroot.Www, "huge"));
            huge.Position = HugeLength - ImageLength;
            huge.Write(_image);
        });
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_connection_takes_whole_files_parts_and_all_else_one_after_the_other(bool overTls)
    {
        await using var client = await ConnectAsync(overTls);
        await client.AskAsync(
            "GET /image HTTP/1.1",
            "GET /healthz HTTP/1.1",
            "HEAD /image HTTP/1.1",
            "GET /image HTTP/1.1\r\nRange: bytes=1-1",
            "GET /empty HTTP/1.1",
            "GET /image HTTP/1.1\r\nRange: bytes=262143-786432",
            "GET /nothing HTTP/1.1",
            "GET /image HTTP/1.1\r\nRange: bytes=-262144",
            "GET /image HTTP/1.1\r\nRange: bytes=9999999-",
            "GET /image HTTP/1.1\r\nIf-None-Match: *",
            "GET /image HTTP/1.1\r\nIf-Range: \"another\"\r\nRange: bytes=1-1",
            "GET /image HTTP/1.1\r\nConnection: close");

        await AssertAnsweredAsync(client, 200, _image);
        await AssertAnsweredAsync(client, 200);
        Assert.Equal((200, ImageLength), await client.ReadHeadAsync());
        await AssertAnsweredAsync(client, 206, _image[1..2]);
        await AssertAnsweredAsync(client, 200, []);
        await AssertAnsweredAsync(client, 206, _image[262143..786433]);
        await AssertAnsweredAsync(client, 404);
        await AssertAnsweredAsync(client, 206, _image[^262144..]);
        await AssertAnsweredAsync(client, 416);
        await AssertAnsweredAsync(client, 304, []);
        await AssertAnsweredAsync(client, 200, _image);
        await AssertAnsweredAsync(client, 200, _image);
        Assert.Empty(await client.ReadAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_old_client_is_given_it_and_hung_up_on(bool overTls)
    {
        await using var client = await ConnectAsync(overTls);
        await client.AskAsync("GET /image HTTP/1.0");
        await AssertAnsweredAsync(client, 200, _image);
        Assert.Empty(await client.ReadAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_of_more_than_four_GiB_is_told_and_sent_from_where_it_was_asked_for(bool overTls)
    {
        await using var client = await ConnectAsync(overTls);
        await client.AskAsync(string.Create(
            CultureInfo.InvariantCulture, $"GET /huge HTTP/1.1\r\nRange: bytes={HugeLength - ImageLength}-"));
        await AssertAnsweredAsync(client, 206, _image);

        await client.AskAsync("GET /huge HTTP/1.1");
        Assert.Equal((200, HugeLength), await client.ReadHeadAsync());
        client.HangUp();
        await Eventually.True(() => !IsOpen("huge"));
    }

    /// <summary>sendfile(2) counts as written by this process, what is sent from its memory does not (proc_pid_io(5)).</summary>
    [Fact]
    public async Task Without_TLS_nothing_is_copied()
    {
        await using var client = await ConnectAsync(overTls: false);
        var before = Written();
        await client.AskAsync("GET /large HTTP/1.1");
        await AssertAnsweredAsync(client, 200);
        Assert.InRange(Written() - before, LargeLength / 10 * 9, long.MaxValue);
    }

    /// <summary>More than the thread pool has threads.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_reads_late_is_given_all_and_holds_up_nobody(bool overTls)
    {
        var clients = new List<FileClient>();
        foreach (var number in Enumerable.Range(0, 64))
        {
            var client = await ConnectAsync(overTls, from: $"127.0.0.{2 + (number / 16)}");
            await client.AskAsync("GET /large HTTP/1.1");
            Assert.Equal((200, LargeLength), await client.ReadHeadAsync());
            clients.Add(client);
        }

        using var other = _daemon.From("127.0.0.9");
        for (var time = 0; time < 20; time++)
        {
            Assert.Equal("ok", (await other.GetStringAsync("/healthz", Cancellation)).Trim());
        }

        var bytes = await clients[20].ReadAsync(LargeLength);
        Assert.Equal(LargeLength, bytes.Length);
        Assert.Equal(_image, bytes[..ImageLength]);
        foreach (var client in clients)
        {
            client.HangUp();
            await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_machine_took_and_what_it_did_not_is_on_its_timeline(bool overTls)
    {
        await using (var client = await ConnectAsync(overTls))
        {
            await client.AskAsync("GET /large HTTP/1.1");
            Assert.Equal((200, LargeLength), await client.ReadHeadAsync());
            await client.ReadAsync(1000);
            client.HangUp();
        }

        await Eventually.True(() => Fetches().Any());
        var cut = Assert.Single(Fetches());
        Assert.Equal(("GET /large: closed the connection before the end", null), (cut.Text, cut.Bytes));
        await Eventually.True(() => !IsOpen("large"));

        await using var again = await ConnectAsync(overTls);
        await again.AskAsync(string.Create(CultureInfo.InvariantCulture, $"GET /large HTTP/1.1\r\nRange: bytes={ImageLength}-"));
        Assert.Equal((206, LargeLength - ImageLength), await again.ReadHeadAsync());
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.Equal(LargeLength - ImageLength, (await again.ReadAsync(LargeLength - ImageLength)).Length);
        await Eventually.True(() => Fetches().Count() == 2);
        var whole = Fetches().Last();
        Assert.Equal(("GET /large: 206", LargeLength - ImageLength), (whole.Text, whole.Bytes));
        Assert.InRange(whole.Seconds!.Value, 1, 30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_replaced_meanwhile_is_sent_to_its_end(bool overTls)
    {
        await using var client = await ConnectAsync(overTls);
        await client.AskAsync("GET /large HTTP/1.1");
        Assert.Equal((200, LargeLength), await client.ReadHeadAsync());
        Bsroot.Write(Path.Combine(_daemon.Bsroot.Www, "large"), "another");
        var bytes = await client.ReadAsync(LargeLength);
        Assert.Equal(LargeLength, bytes.Length);
        Assert.Equal(_image, bytes[..ImageLength]);

        await client.AskAsync("GET /large HTTP/1.1");
        await AssertAnsweredAsync(client, 200, "another"u8.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_becomes_shorter_meanwhile_is_cut_and_told_in_the_log(bool overTls)
    {
        await using var client = await ConnectAsync(overTls);
        await client.AskAsync("GET /large HTTP/1.1");
        Assert.Equal((200, LargeLength), await client.ReadHeadAsync());
        using (var large = File.OpenHandle(
            Path.Combine(_daemon.Bsroot.Www, "large"), access: FileAccess.Write, share: FileShare.ReadWrite))
        {
            RandomAccess.SetLength(large, LargeLength / 2);
        }

        Assert.InRange((await client.ReadAsync(LargeLength)).Length, 0, LargeLength / 2);
        await Eventually.True(() => !IsOpen("large"));
        await Eventually.True(() => _daemon.Log.Lines.Any(line => line.StartsWith("Error: ", StringComparison.Ordinal)));
        using var other = _daemon.From("127.0.0.9");
        Assert.Equal("ok", (await other.GetStringAsync("/healthz", Cancellation)).Trim());
    }

    [Fact]
    public async Task What_was_cut_for_a_shorter_file_is_not_told_as_whole()
    {
        await A_file_that_becomes_shorter_meanwhile_is_cut_and_told_in_the_log(overTls: false);
        var cut = Assert.Single(Fetches());
        Assert.Equal(("GET /large: closed the connection before the end", null), (cut.Text, cut.Bytes));
        Assert.Contains(_daemon.Log.Lines, line => line.StartsWith("Error: Cannot answer ", StringComparison.Ordinal)
            && line.Contains("/www/large could not be sent whole: the file became shorter", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_waits_for_who_is_still_reading(bool overTls)
    {
        await using var client = await ConnectAsync(overTls);
        await client.AskAsync("GET /large HTTP/1.1");
        Assert.Equal((200, LargeLength), await client.ReadHeadAsync());
        var stopping = _daemon.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.False(stopping.IsCompleted, "it did not wait");
        Assert.Equal(LargeLength, (await client.ReadAsync(LargeLength)).Length);
        Assert.Empty(await client.ReadAsync(1));
        await stopping;
        await _daemon.StartAsync();
    }

    private Task<FileClient> ConnectAsync(bool overTls, string from = "127.0.0.2") => FileClient.ConnectAsync(
        overTls ? _daemon.HttpsPort : _daemon.Port, from, overTls ? _daemon.Tls() : null);

    private static async Task AssertAnsweredAsync(FileClient client, int status, byte[]? body = null)
    {
        var head = await client.ReadHeadAsync();
        var read = await client.ReadAsync(status == 304 ? 0 : head.Length);
        Assert.Equal((status, (int)head.Length), (head.Status, status == 304 ? (int)head.Length : read.Length));
        if (body is not null)
        {
            Assert.True(body.AsSpan().SequenceEqual(read), $"other bytes: {read.Length} and not {body.Length}");
        }
    }

    private IEnumerable<TimelineEvent> Fetches() => _daemon.Part<Timeline>().Of(Sample.Node().Mac)
        .Where(seen => seen.Kind == EventKind.Http && seen.Text.StartsWith("GET /large", StringComparison.Ordinal));

    private bool IsOpen(string file) => Directory.EnumerateFiles("/proc/self/fd")
        .Any(descriptor => new FileInfo(descriptor).LinkTarget == Path.Combine(_daemon.Bsroot.Www, file));

    private static long Written() => long.Parse(
        File.ReadLines("/proc/self/io").First(line => line.StartsWith("wchar: ", StringComparison.Ordinal))[7..],
        CultureInfo.InvariantCulture);
}
