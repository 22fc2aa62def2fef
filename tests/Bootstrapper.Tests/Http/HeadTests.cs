using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

/// <summary>Firmware and loaders ask with HEAD before they fetch. Node 1 is at 127.0.0.2.</summary>
[Trait("Category", "Slow")]
public sealed class HeadTests : IAsyncLifetime
{
    private const string Mac1 = "52:54:00:00:00:01", Events = "text/event-stream";
    private TestDaemon _daemon = null!;
    private HttpClient _node = null!;
    private HttpClient _stranger = null!;
    private HttpClient _operator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node() with { Serial = SerialNumber.Parse("S-1", null) }) with
        {
            UnknownNodes = UnknownNodes.Discover,
        }, bsroot =>
        {
            MatchboxFixture.Mount(bsroot);
            Bsroot.Write(Path.Combine(bsroot.Www, "stable/current/flatcar_production_pxe.vmlinuz"), "kernel");
        });
        _node = _daemon.From("127.0.0.2");
        _stranger = _daemon.From(MatchboxFixture.Stranger);
        _operator = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        _stranger.Dispose();
        _operator.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task Whatever_can_be_fetched_can_be_asked_for_its_length()
    {
        var routes = _daemon.Routes.Where(route => route.Methods.Contains("HEAD")).ToList();
        Assert.Equal(_daemon.Routes.Where(route => route.Methods.Contains("GET") && route.Pattern != "/etcd/new"), routes);
        Assert.True(routes.Count > 40, $"only {routes.Count} routes");
        foreach (var route in routes)
        {
            await AssertSameAsync(route.ForOperators ? _operator : _node, route.Path(Known));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/stable/current/flatcar_production_pxe.vmlinuz")]
    [InlineData("/assets/")]
    [InlineData("/assets/flatcar/4593.2.5/flatcar_production_pxe.vmlinuz")]
    [InlineData("/nothing/here")]
    [InlineData("/api/nothing/here")]
    [InlineData("/ipxe?mac=zz")]
    [InlineData("/ignition?os=installed&mac=52-54-00-a1-9c-01")]
    public async Task So_can_files_matchbox_and_what_is_not_there(string url) => await AssertSameAsync(_stranger, url);

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard/dashboard.css")]
    [InlineData("/ipxe?mac=52-54-00-a1-9c-01")]
    public async Task So_can_the_dashboard_and_what_else_is_there_over_TLS(string url)
    {
        using var browser = _daemon.OverTls();
        await AssertSameAsync(browser, url);
    }

    [Fact]
    public async Task Secrets_are_refused_to_others_and_that_is_on_record_but_a_node_that_only_looks_was_given_nothing()
    {
        var url = $"/cloud-config/{Mac1}";
        using var refused = await HeadAsync(_stranger, url);
        using var told = await HeadAsync(_node, url);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, told.StatusCode));
        var timeline = await TimelineAsync("n1");
        Assert.Contains("\"refusal\"", timeline, StringComparison.Ordinal);
        Assert.DoesNotContain("\"delivery\"", timeline, StringComparison.Ordinal);
        Assert.DoesNotContain("\"bytes\":", timeline, StringComparison.Ordinal);
        Assert.DoesNotContain(_daemon.Log.Lines, line => line.Contains("Gave", StringComparison.Ordinal));

        await _node.GetStringAsync(url, Cancellation);
        Assert.Contains("\"delivery\"", await TimelineAsync("n1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_looks_is_not_held_for_going_in_circles()
    {
        for (var i = 0; i < 10; i++)
        {
            using var looked = await HeadAsync(_node, $"/ipxe?mac={Mac1}");
        }

        Assert.Contains("\nkernel ", await _node.GetStringAsync($"/ipxe?mac={Mac1}", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_discovered_by_looking()
    {
        using var looked = await HeadAsync(_stranger, "/ipxe?mac=52-54-00-00-77-77");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("52:54:00:00:77:77"));
        await _stranger.GetStringAsync("/ipxe?mac=52-54-00-00-77-77", Cancellation);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("52:54:00:00:77:77"));
    }

    [Fact]
    public async Task A_GET_that_makes_something_has_no_HEAD_that_does()
    {
        using var refused = await HeadAsync(_operator, "/etcd/new?size=3");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Empty(Directory.Exists(_daemon.Bsroot.EtcdDiscovery) ? Directory.GetFiles(_daemon.Bsroot.EtcdDiscovery) : []);
    }

    [Fact]
    public async Task Only_operators_see_how_large_their_answers_are()
    {
        using var nobody = _daemon.OverTls();
        using var refused = await HeadAsync(nobody, "/api/v1/nodes");
        using var plain = await HeadAsync(_stranger, "/api/v1/nodes");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (refused.StatusCode, plain.StatusCode));
    }

    /// <summary>What leads somewhere.</summary>
    private static string Known(string parameter) => parameter switch
    {
        "{mac}" => Mac1,
        "{node}" => "n1",
        "{serial}" => "S-1",
        "{documentName}" => "v1",
        _ => "x",
    };

    /// <summary>It tells of the requests before it.</summary>
    private static bool IsNeverTheSame(string url) => url == "/metrics" || url.EndsWith("/timeline", StringComparison.Ordinal);

    private static async Task AssertSameAsync(HttpClient client, string url)
    {
        using var head = await HeadAsync(client, url);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        if (head.Content.Headers.ContentType?.MediaType == Events)
        {
            Assert.False(head.Content.Headers.NonValidated.Contains("Content-Length")); // it has no end, and so no length
            return;
        }

        using var whole = await client.GetAsync(url, Cancellation);
        Assert.Equal(
            (url, whole.StatusCode, whole.Content.Headers.ContentType, whole.Headers.ETag),
            (url, head.StatusCode, head.Content.Headers.ContentType, head.Headers.ETag));
        var length = (await whole.Content.ReadAsByteArrayAsync(Cancellation)).Length;
        Assert.True(
            head.Content.Headers.ContentLength == length || IsNeverTheSame(url) && head.Content.Headers.ContentLength > 0,
            $"{url}: {head.Content.Headers.ContentLength} and not {length}");
    }

    private static Task<HttpResponseMessage> HeadAsync(HttpClient client, string url) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Cancellation);

    private Task<string> TimelineAsync(string node) => _operator.GetStringAsync($"/api/v1/nodes/{node}/timeline", Cancellation);

    private async Task<HttpStatusCode> StatusAsync(string node)
    {
        using var answer = await _operator.GetAsync($"/api/v1/nodes/{node}", Cancellation);
        return answer.StatusCode;
    }
}
