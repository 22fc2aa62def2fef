using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;
using Microsoft.OpenApi.Reader;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>What operators ask, over the real TLS. Node 1 has the address 127.0.0.2.</summary>
[Trait("Category", "Slow")]
public sealed class OperatorApiTests : IAsyncLifetime
{
    private const string Stranger = "52:54:00:00:ff:01";

    private TestDaemon _daemon = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var cluster = Sample.Cluster([.. Enumerable.Range(1, 3).Select(Sample.Node)]) with
        {
            UnknownNodes = UnknownNodes.Discover,
            Profiles =
            [
                new Profile { Name = "storage", Quantity = 1 },
                new Profile { Name = "worker" },
            ],
        };
        _daemon = await TestDaemon.StartAsync(cluster, bsroot =>
        {
            Bsroot.Write(Path.Combine(bsroot.Operators, "vera.viewer"), "vera-has-a-long-enough-token\n", Bsroot.SecretFile);
            Bsroot.Write(Path.Combine(bsroot.Operators, "otto.operator"), "otto-has-a-long-enough-token\n", Bsroot.SecretFile);
            Bsroot.Write(Path.Combine(bsroot.Operators, "sly.admin"), "short\n", Bsroot.SecretFile);
        });
        _admin = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public void The_first_token_is_made_for_root_alone() =>
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(_daemon.Bsroot.AdminToken));

    [Theory]
    [InlineData("GET", "/api/v1/nodes")]
    [InlineData("GET", "/api/v1/nodes/n1")]
    [InlineData("GET", "/api/v1/nodes/n1/timeline")]
    [InlineData("GET", "/api/v1/nodes/n1/why")]
    [InlineData("GET", "/api/v1/events")]
    [InlineData("GET", "/api/v1/cluster")]
    [InlineData("GET", "/api/v1/profiles")]
    [InlineData("GET", "/api/v1/leases")]
    [InlineData("GET", "/api/v1/whoami")]
    [InlineData("GET", "/api/v1/wall")]
    [InlineData("POST", "/api/v1/session")]
    [InlineData("DELETE", "/api/v1/session")]
    [InlineData("GET", "/api/v1/audit")]
    [InlineData("GET", "/api/v1/audit/0123456789012345678901234567890123456789")]
    [InlineData("GET", "/api/v1/description")]
    [InlineData("GET", "/api/v1/nodes/n1/configs")]
    [InlineData("POST", "/api/v1/plan")]
    [InlineData("POST", "/api/v1/plan/apply")]
    [InlineData("GET", "/api/v1/releases")]
    [InlineData("GET", "/api/v1/images")]
    [InlineData("GET", "/api/v1/kubernetes")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("PATCH", "/api/v1/nodes/n1")]
    [InlineData("POST", "/api/v1/nodes/n1/reinstall")]
    [InlineData("GET", "/api/v1/nodes/n1/power")]
    [InlineData("POST", "/api/v1/nodes/n1/power")]
    [InlineData("POST", "/api/v1/nodes/n1/boot")]
    [InlineData("POST", "/api/v1/nodes/n1/wake")]
    [InlineData("GET", "/api/v1/nodes/n1/hardware")]
    [InlineData("POST", "/api/v1/nodes/n1/hold")]
    [InlineData("POST", "/api/v1/nodes/n1/release")]
    [InlineData("POST", "/api/v1/nodes/n1/state")]
    [InlineData("POST", "/api/v1/nodes/n1/enrol")]
    [InlineData("GET", "/admin/hosts")]
    [InlineData("PUT", "/admin/host/n1/mark_fresh")]
    [InlineData("PUT", "/etcd/new")]
    [InlineData("POST", "/api/v1/nodes/n1/forget")]
    [InlineData("POST", "/api/v1/registry/gc")]
    public async Task Without_a_token_everything_is_refused_and_on_port_80_nothing_is_there(string method, string path)
    {
        using var nobody = _daemon.OverTls();
        using var unknown = await SendAsync(nobody, method, path, body: "");
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.Equal("Bearer", unknown.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("application/problem+json", unknown.Content.Headers.ContentType!.MediaType);

        using var plain = _daemon.From("127.0.0.2");
        plain.DefaultRequestHeaders.Authorization = _admin.DefaultRequestHeaders.Authorization;
        using var unencrypted = await SendAsync(plain, method, path, body: "");
        Assert.Equal(HttpStatusCode.NotFound, unencrypted.StatusCode);
    }

    [Theory]
    [InlineData("a-token-that-nobody-has")]
    [InlineData("short")]
    [InlineData("")]
    public async Task A_token_that_nobody_has_is_no_better_than_none(string token)
    {
        using var client = With(token);
        using var response = await client.GetAsync("/api/v1/nodes", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("vera-has-a-long-enough-token", "GET", "/api/v1/description", "")]
    [InlineData("vera-has-a-long-enough-token", "PATCH", "/api/v1/nodes/n1", """{"cabinet":"A1"}""")]
    [InlineData("vera-has-a-long-enough-token", "POST", "/api/v1/nodes/n1/reinstall", "{}")]
    [InlineData("vera-has-a-long-enough-token", "POST", "/api/v1/nodes/n1/hold", "")]
    [InlineData("otto-has-a-long-enough-token", "POST", "/api/v1/nodes/n1/forget", "")]
    [InlineData("otto-has-a-long-enough-token", "POST", "/api/v1/registry/gc", "")]
    [InlineData("otto-has-a-long-enough-token", "POST", "/api/v1/nodes/n1/reinstall", """{"wipe":true}""")]
    public async Task Who_has_too_small_a_role_changes_nothing(string token, string method, string path, string body)
    {
        using var client = With(token);
        using var seen = await client.GetAsync("/api/v1/nodes/n1", Cancellation);
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);

        using var refused = await SendAsync(client, method, path, body);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(0, (await NodeAsync("n1")).GetProperty("revision").GetInt32());
    }

    [Theory]
    [InlineData("bootstrapper:viewers", HttpStatusCode.Forbidden)]
    [InlineData("bootstrapper:operators", HttpStatusCode.OK)]
    [InlineData("bootstrapper:admins", HttpStatusCode.OK)]
    [InlineData("system:masters", HttpStatusCode.Unauthorized)]
    [InlineData("bootstrapper:adminss", HttpStatusCode.Unauthorized)]
    public async Task A_certificate_of_this_cluster_says_by_its_organization_what_its_owner_may(
        string organization, HttpStatusCode expected)
    {
        var authority = CertificateAuthority.Open(_daemon.Bsroot, TimeProvider.System);
        using var client = _daemon.OverTls(ClientCertificate(authority, organization));
        using var response = await SendAsync(client, "POST", "/api/v1/nodes/n1/hold", "");
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_certificate_of_another_root_is_no_better_than_none()
    {
        using var elsewhere = new TemporaryDirectory();
        var stranger = CertificateAuthority.Open(new Bsroot(elsewhere.Path), TimeProvider.System);
        using var client = _daemon.OverTls(ClientCertificate(stranger, "bootstrapper:admins"));
        using var response = await client.GetAsync("/api/v1/nodes", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_use_the_operators_browser()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/nodes/n1/hold")
        {
            Headers = { { "Sec-Fetch-Site", "cross-site" } },
        };
        using var response = await _admin.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/etcd/new?size=3", "Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/ETCD//New/?size=3", "Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/etcd/new?size=3", "Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/api/v1/nodes/n1/hold", "Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/api/v1/registry/gc", "Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/api/v1/nodes", "Sec-Fetch-Site", "cross-site", HttpStatusCode.OK)]
    [InlineData("GET", "/etcd/new?size=3", "Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("GET", "/etcd/new?size=3", "Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("GET", "/etcd/new?size=3", "Accept", "*/*", HttpStatusCode.OK)]
    public async Task What_changes_something_is_never_done_for_a_page_of_another_site(
        string method, string path, string header, string value, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { header, value } } };
        using var response = await _admin.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(
            expected == HttpStatusCode.OK && path.StartsWith("/etcd", StringComparison.Ordinal),
            Directory.Exists(_daemon.Bsroot.EtcdDiscovery));
    }

    [Fact]
    public async Task Its_own_origin_is_no_other_site()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/nodes/n1/hold")
        {
            Headers = { { "Origin", $"https://127.0.0.1:{_daemon.HttpsPort}" } },
            Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")),
        };
        using var response = await _admin.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>What an operator does to no machine.</summary>
    [Fact]
    public async Task Who_makes_a_discovery_or_collects_garbage_is_on_the_audit_trail_with_the_address_and_without_the_token()
    {
        var token = (await _admin.GetStringAsync("/etcd/new?size=5", Cancellation)).Split('/')[^1];
        using var collected = await _admin.PostAsync("/api/v1/registry/gc", content: null, Cancellation);

        string[] expected = ["admin etcd: a discovery for 5 members, from 127.0.0.1"];
        await Eventually.True(async () => (await TrailAsync()).SequenceEqual(expected));
        Assert.DoesNotContain(
            token,
            ExternalTools.Output("git", ["-c", "safe.directory=*", "-C", _daemon.Bsroot.Inventory, "log", "-p"]),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, collected.StatusCode); // it runs no registry: nothing was done
    }

    private async Task<IEnumerable<string>> TrailAsync() =>
        (await JsonAsync(_admin, "/api/v1/audit")).GetProperty("items").EnumerateArray()
            .Select(entry => $"{Text(entry, "author")} {Text(entry, "subject")}, {Text(entry, "reason")}");

    [Fact]
    public async Task Only_who_may_read_configs_is_told_what_is_wrong_in_a_description()
    {
        _daemon.Current.Reject(new Rejection(
            "stamp",
            [Problem.Error("nodes[1].hostname", "'hunter2 secret' is not a host name") with { Position = new Position(7, 3) }]));
        using var machine = _daemon.From("127.0.0.2");
        using var nobody = _daemon.OverTls();
        using var wrong = _daemon.OverTls();
        wrong.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "nobody-has-this-long-token");
        using var plain = _daemon.From("127.0.0.2");
        plain.DefaultRequestHeaders.Authorization = _admin.DefaultRequestHeaders.Authorization;

        using var vera = With("vera-has-a-long-enough-token");
        using var otto = With("otto-has-a-long-enough-token");

        foreach (var told in await Task.WhenAll(
            new[] { machine, nobody, wrong, plain, vera }.Select(ReadinessAsync).Append(PartsAsync(vera))))
        {
            Assert.Contains("cluster-desc.yml:7:3: error; ", told, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
            Assert.DoesNotContain("nodes[1]", told, StringComparison.Ordinal);
        }

        foreach (var told in await Task.WhenAll(ReadinessAsync(otto), ReadinessAsync(_admin), PartsAsync(otto)))
        {
            Assert.Contains("hunter2 secret", told, StringComparison.Ordinal);
        }
    }

    /// <summary>Programs and servers say why a check for a newer one failed, in words of their own.</summary>
    [Fact]
    public async Task Nor_is_anybody_else_told_in_a_programs_words_why_a_check_of_releases_failed()
    {
        var now = TimeProvider.System.GetUtcNow();
        _daemon.Part<ReleaseStates>().Set("stable", new ReleaseState(now, now, "gpgv: 'hunter2 secret'"));
        using var machine = _daemon.From("127.0.0.2");
        var told = await ReadinessAsync(machine);
        Assert.Contains("the check for a newer one at ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("gpgv", told, StringComparison.Ordinal);
        Assert.Contains("hunter2 secret", await ReadinessAsync(_admin), StringComparison.Ordinal);
    }

    private static async Task<string> PartsAsync(HttpClient client) =>
        (await JsonAsync(client, "/api/v1/cluster")).GetProperty("parts").GetRawText();

    /// <summary>The trail's own directory alone is full, so that nothing else stands in the way.</summary>
    [Fact]
    public async Task What_cannot_be_put_on_the_audit_trail_is_not_done()
    {
        var journal = Path.Combine(_daemon.Bsroot.Inventory, ".git", "bootstrapper");
        using (new SmallDisk(journal, 64 * 1024))
        {
            await File.WriteAllBytesAsync(
                Path.Combine(journal, "filler"), new byte[new DriveInfo(journal).AvailableFreeSpace], Cancellation);
            foreach (var path in Enumerable.Repeat("/registry/token?scope=repository:a/b:push", 3).Append("/etcd/new"))
            {
                using var refused = await SendAsync(path);
                Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
            }
        }

        Assert.False(Directory.Exists(_daemon.Bsroot.EtcdDiscovery)
            && Directory.EnumerateFiles(_daemon.Bsroot.EtcdDiscovery).Any());
        using var done = await SendAsync("/registry/token?scope=repository:a/b:push");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        await Eventually.True(async () =>
            (await TrailAsync()).SequenceEqual(["otto registry: may push a/b, from 127.0.0.1"]));

        async Task<HttpResponseMessage> SendAsync(string path)
        {
            using var otto = _daemon.OverTls();
            otto.DefaultRequestHeaders.Authorization = path.StartsWith("/registry", StringComparison.Ordinal)
                ? new("Basic", Convert.ToBase64String("otto:otto-has-a-long-enough-token"u8))
                : new("Bearer", "otto-has-a-long-enough-token");
            return await otto.GetAsync(path, Cancellation);
        }
    }

    /// <summary>Nobody may make a file in sysfs, not root either: so it is where a share maps root to nobody.</summary>
    [Theory]
    [InlineData("etcd")]
    [InlineData("inventory/.git/bootstrapper")]
    public async Task What_may_not_be_written_is_answered_as_on_a_full_disk(string directory)
    {
        using var forbidden = new SmallDisk(_daemon.Bsroot.At(directory), "sysfs");
        using var refused = await _admin.PostAsync("/etcd/new?size=3", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Contains(
            "the bootstrapper's disk is full or cannot be written; its log says where",
            await refused.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
        Assert.Contains(_daemon.Log.Lines, line =>
            line.Contains("Nothing was kept of \"/etcd/new\"", StringComparison.Ordinal)
            && line.Contains(directory, StringComparison.Ordinal));
    }

    private static async Task<string> ReadinessAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/readyz", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_by_state()
    {
        await ReportAsync("state=installing");
        var first = await JsonAsync(_admin, "/api/v1/nodes?limit=2");
        Assert.Equal(["n1", "n2"], Names(first));
        Assert.Equal(3, first.GetProperty("total").GetInt32());
        var second = await JsonAsync(_admin, $"/api/v1/nodes?limit=2&after={first.GetProperty("next").GetString()}");
        Assert.Equal(["n3"], Names(second));
        Assert.False(second.TryGetProperty("next", out _));

        Assert.Equal(["n1"], Names(await JsonAsync(_admin, "/api/v1/nodes?state=installing,failed")));
        Assert.Equal(["n1"], Names(await JsonAsync(_admin, "/api/v1/nodes?phase=installing")));
        Assert.Equal(["n1", "n2", "n3"], Names(await JsonAsync(_admin, "/api/v1/nodes?sort=phase")));
        Assert.Equal(
            ["n1 installing", "n2 configured", "n3 configured"],
            (await JsonAsync(_admin, "/api/v1/wall")).EnumerateArray()
                .Select(tile => $"{Text(tile, "hostName")} {Text(tile, "phase")}"));
        using var nonsense = await _admin.GetAsync("/api/v1/nodes?state=flying", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("N1")]
    [InlineData("52:54:00:00:00:01")]
    [InlineData("52-54-00-00-00-01")]
    public async Task A_machine_is_found_by_any_of_its_names(string name) =>
        Assert.Equal("52:54:00:00:00:01", (await NodeAsync(name)).GetProperty("mac").GetString());

    [Fact]
    public async Task What_operators_note_is_set_field_by_field_and_taken_away_with_null()
    {
        await ChangeAsync(
            "PATCH", "/api/v1/nodes/n1", """{"cabinet":"A1","position":"17","bmc":"10.9.9.9","labels":{"a":"1","b":"2"}}""");
        var node = await ChangeAsync("PATCH", "/api/v1/nodes/n1", """{"position":null,"labels":{"a":null},"providerId":"i-7"}""");
        Assert.Equal(
            ("A1", "10.9.9.9", "i-7", 2),
            (Text(node, "cabinet"), Text(node, "bmc"), Text(node, "providerId"), node.GetProperty("revision").GetInt32()));
        Assert.False(node.TryGetProperty("position", out _));
        Assert.Equal("""{"b":"2"}""", node.GetProperty("labels").GetRawText());
    }

    [Theory]
    [InlineData("""{"cabnet":"A1"}""")]
    [InlineData("""{"bmc":"here"}""")]
    [InlineData("""{"cabinet":{"x":1}}""")]
    [InlineData("""{"labels":{"x":null,"y":7}}""")]
    [InlineData("""{"cabinet":"a\nb"}""")]
    [InlineData("""["cabinet"]""")]
    [InlineData("""{"labels":{"a":"1"},"labels":{"b":"2"}}""")]
    [InlineData("""{"labels":{"a":"1","a":"2"}}""")]
    [InlineData("""{"cabinet":"\ud800"}""")]
    [InlineData("""{"labels":{"\udc00":"x"}}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_patch_that_makes_no_sense_is_told_so_and_changes_nothing(string patch)
    {
        using var response = await SendAsync(_admin, "PATCH", "/api/v1/nodes/n1", patch);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(0, (await NodeAsync("n1")).GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Of_two_who_saw_the_same_the_second_one_is_told_412()
    {
        using var seen = await _admin.GetAsync("/api/v1/nodes/n1", Cancellation);
        var tag = seen.Headers.ETag!.Tag;
        using var first = await SendAsync(_admin, "PATCH", "/api/v1/nodes/n1", """{"cabinet":"A1"}""", tag);
        using var second = await SendAsync(_admin, "PATCH", "/api/v1/nodes/n1", """{"cabinet":"B2"}""", tag);
        using var third = await SendAsync(_admin, "POST", "/api/v1/nodes/n1/reinstall", "", "\"never-given\"");
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed),
            (first.StatusCode, second.StatusCode, third.StatusCode));
        Assert.Equal("A1", Text(await NodeAsync("n1"), "cabinet"));
    }

    [Fact]
    public async Task A_reinstall_survives_what_the_old_system_says_and_gives_a_new_certificate()
    {
        using var node1 = _daemon.From("127.0.0.2");
        var before = await node1.GetStringAsync("/tls/52:54:00:00:00:01/node.pem", Cancellation);
        await ReportAsync("state=running");
        var armed = await ChangeAsync("POST", "/api/v1/nodes/n1/reinstall", """{"reason":"new kernel"}""");
        Assert.Equal(("configured", true), (Text(armed, "state"), armed.GetProperty("armed").GetBoolean()));

        await ReportAsync("state=running");
        Assert.Equal("configured", Text(await NodeAsync("n1"), "state"));
        Assert.Contains(
            "install.sh",
            await File.ReadAllTextAsync(_daemon.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(1).Mac)), Cancellation),
            StringComparison.Ordinal);
        using var early = await node1.GetAsync("/tls/52:54:00:00:00:01/node.pem", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, early.StatusCode);
        _daemon.Part<NodeInventory>().SeenToBoot(Sample.Node(1), "a test says so");
        Assert.NotEqual(before, await node1.GetStringAsync("/tls/52:54:00:00:00:01/node.pem", Cancellation));
        await ReportAsync("state=installing");
        await ReportAsync("state=installed");
        await ReportAsync("state=running");
        Assert.Equal("running", Text(await NodeAsync("n1"), "state"));
    }

    [Fact]
    public async Task A_machine_that_asks_and_is_not_described_is_discovered_enrolled_and_forgotten()
    {
        using var stranger = _daemon.From("127.0.9.9");
        using var _ = await stranger.GetAsync($"/install.sh?mac={Stranger}", Cancellation);
        await Eventually.True(async () => (await _admin.GetAsync($"/api/v1/nodes/{Stranger}", Cancellation)).IsSuccessStatusCode);
        Assert.Equal(
            ("discovered", false),
            (Text(await NodeAsync(Stranger), "state"), (await NodeAsync(Stranger)).GetProperty("planned").GetBoolean()));

        using var reinstall = await SendAsync(_admin, "POST", $"/api/v1/nodes/{Stranger}/reinstall", "");
        using var taken = await SendAsync(_admin, "POST", $"/api/v1/nodes/{Stranger}/enrol", """{"hostName":"n2"}""");
        using var unknown = await SendAsync(_admin, "POST", $"/api/v1/nodes/{Stranger}/enrol", """{"profile":"none"}""");
        using var word = await SendAsync(_admin, "POST", $"/api/v1/nodes/{Stranger}/enrol", """{"hostName":"ignore"}""");
        Assert.Contains("hostName: 'ignore' would be read by dnsmasq", await word.Content.ReadAsStringAsync(Cancellation));
        Assert.All([reinstall, taken, unknown, word], response => Assert.Equal(HttpStatusCode.Conflict, response.StatusCode));

        var enrolled = await ChangeAsync("POST", $"/api/v1/nodes/{Stranger}/enrol", """{"hostName":"s1"}""");
        Assert.Equal(("s1", "configured"), (Text(enrolled, "hostName"), Text(enrolled, "state")));
        var file = await File.ReadAllTextAsync(_daemon.Bsroot.Enrolled, Cancellation);
        Assert.Equal("storage", JsonDocument.Parse(file).RootElement[0].GetProperty("profile").GetString());

        using var forgotten = await SendAsync(_admin, "POST", $"/api/v1/nodes/{Stranger}/forget", "");
        Assert.Equal(HttpStatusCode.NoContent, forgotten.StatusCode);
        using var gone = await _admin.GetAsync($"/api/v1/nodes/{Stranger}", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("[]", (await File.ReadAllTextAsync(_daemon.Bsroot.Enrolled, Cancellation)).Trim());
    }

    [Fact]
    public async Task A_node_that_the_description_names_is_not_forgotten()
    {
        using var response = await SendAsync(_admin, "POST", "/api/v1/nodes/n1/forget", "");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("cluster-desc.yml", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_tells_what_a_machine_did_in_order()
    {
        using var node1 = _daemon.From("127.0.0.2");
        await node1.GetStringAsync("/install.sh", Cancellation);
        await ReportAsync("state=installing");
        await node1.GetStringAsync("/cloud-config/52:54:00:00:00:01", Cancellation);
        await ReportAsync("state=installing&progress=42");
        using var robber = _daemon.From("127.0.9.9");
        using var _ = await robber.GetAsync("/cloud-config/52:54:00:00:00:01", Cancellation);

        await Eventually.True(() => Timeline().Count(line => line.StartsWith("http ", StringComparison.Ordinal)) == 3);
        Assert.Equal(
            [
                "http GET /install.sh: 200",
                "state configured -> installing",
                "delivery given /cloud-config/52:54:00:00:00:01 to 127.0.0.2",
                "http GET /cloud-config/52:54:00:00:00:01: 200",
                "progress 42 %",
                "refusal denied /cloud-config/52:54:00:00:00:01: 127.0.9.9 is not the address of n1",
                "http GET /cloud-config/52:54:00:00:00:01: 403",
            ],
            Timeline());

        List<string> Timeline() =>
        [
            .. JsonAsync(_admin, "/api/v1/nodes/n1/timeline").GetAwaiter().GetResult().GetProperty("items").EnumerateArray()
                .Select(item => $"{Text(item, "kind")} {Text(item, "text")!.Split(": cluster-desc")[0]}"),
        ];
    }

    [Fact]
    public async Task Who_lost_the_connection_gets_what_was_missed()
    {
        await ReportAsync("state=installing");
        var (id, _) = Assert.Single(await EventsAsync(1, "/api/v1/events?after=1", lastEventId: null));
        await ReportAsync("state=installed");
        await ReportAsync("state=running");
        var missed = await EventsAsync(2, "/api/v1/events?node=n1", lastEventId: id);
        Assert.Equal(["installing -> installed", "installed -> running"], missed.Select(seen => Text(seen.Data, "text")));
    }

    [Fact]
    public async Task Who_has_lost_access_is_told_no_more_on_a_connection_that_is_still_open()
    {
        using var vera = With("vera-has-a-long-enough-token");
        await using var stream = await vera.GetStreamAsync("/api/v1/events", Cancellation);
        using var events = new StreamReader(stream);
        Assert.Equal("event: ping", await events.ReadLineAsync(Cancellation));
        File.Delete(Path.Combine(_daemon.Bsroot.Operators, "vera.viewer"));
        await Eventually.True(async () =>
        {
            using var response = await vera.GetAsync("/api/v1/whoami", Cancellation);
            return response.StatusCode == HttpStatusCode.Unauthorized;
        });
        await ReportAsync("state=installing");
        Assert.DoesNotContain("installing", await events.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/v1/nodes/n1", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/api/v1/nodes/n1/reinstall", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_asked_is_told_as_problem_details(string method, string path, HttpStatusCode expected)
    {
        using var response = await SendAsync(_admin, method, path, "{");
        Assert.Equal(
            (expected, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task The_cluster_its_profiles_and_its_leases_are_shown()
    {
        await ReportAsync("state=running");
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(_daemon.Bsroot.At("dnsmasq")).FullName, "leases"),
            "0 52:54:00:00:00:01 10.0.0.7 me *\n",
            Cancellation);
        var nodes = (await JsonAsync(_admin, "/api/v1/cluster")).GetProperty("nodes");
        Assert.Equal((1, 2), (nodes.GetProperty("running").GetInt32(), nodes.GetProperty("configured").GetInt32()));
        Assert.Equal(
            ["storage", "worker"],
            (await JsonAsync(_admin, "/api/v1/profiles")).EnumerateArray().Select(profile => Text(profile, "name")));
        Assert.Equal("n1", Text((await JsonAsync(_admin, "/api/v1/leases"))[0], "hostName"));
    }

    [Fact]
    public async Task The_description_of_the_API_is_valid_and_names_every_route()
    {
        var text = await _admin.GetStringAsync("/openapi/v1.json", Cancellation);
        var (document, diagnostic) = Microsoft.OpenApi.OpenApiDocument.Parse(text, "json", new OpenApiReaderSettings());
        Assert.Empty(diagnostic!.Errors);
        Assert.Equal(
            [
                "/api/v1/audit",
                "/api/v1/audit/{id}",
                "/api/v1/cluster",
                "/api/v1/description",
                "/api/v1/events",
                "/api/v1/images",
                "/api/v1/kubernetes",
                "/api/v1/leases",
                "/api/v1/nodes",
                "/api/v1/nodes/{node}",
                "/api/v1/nodes/{node}/accept-card",
                "/api/v1/nodes/{node}/boot",
                "/api/v1/nodes/{node}/configs",
                "/api/v1/nodes/{node}/console",
                "/api/v1/nodes/{node}/console/{id}/break", "/api/v1/nodes/{node}/console/{id}/keys",
                "/api/v1/nodes/{node}/enrol",
                "/api/v1/nodes/{node}/forget",
                "/api/v1/nodes/{node}/hardware",
                "/api/v1/nodes/{node}/hold",
                "/api/v1/nodes/{node}/power",
                "/api/v1/nodes/{node}/reinstall", "/api/v1/nodes/{node}/release",
                "/api/v1/nodes/{node}/remove-card",
                "/api/v1/nodes/{node}/state", "/api/v1/nodes/{node}/timeline", "/api/v1/nodes/{node}/wake",
                "/api/v1/nodes/{node}/why", "/api/v1/plan",
                "/api/v1/plan/apply", "/api/v1/profiles",
                "/api/v1/registry/gc", "/api/v1/releases", "/api/v1/session", "/api/v1/wall", "/api/v1/whoami",
            ],
            document!.Paths.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Microsoft.OpenApi.JsonSchemaType.String, document.Components!.Schemas!["MacAddress"].Type);
        Assert.Equal(
            ["after", "label", "limit", "phase", "profile", "search", "sort", "state"],
            document.Paths["/api/v1/nodes"].Operations![HttpMethod.Get].Parameters!.Select(parameter => parameter.Name)
                .Order(StringComparer.Ordinal));
        Assert.Contains(
            document.Paths["/api/v1/events"].Operations![HttpMethod.Get].Parameters!,
            parameter => parameter is { Name: "Last-Event-ID", In: Microsoft.OpenApi.ParameterLocation.Header });
        Assert.All(
            document.Paths.SelectMany(path => path.Value.Operations!).Where(one =>
                one.Value.Responses!.ContainsKey("412")),
            change =>
            {
                Assert.Contains(change.Value.Parameters!, parameter => parameter.Name == "If-Match");
                Assert.Contains("507", change.Value.Responses!.Keys);
                Assert.True(change.Value.Responses!.ContainsKey("204")
                    || change.Value.Responses!["200"].Headers!.ContainsKey("ETag"));
            });
        Assert.True(
            document.Paths["/api/v1/nodes/{node}"].Operations![HttpMethod.Get].Responses!["200"].Headers!.ContainsKey("ETag"));
    }

    [Fact]
    public async Task Without_a_registry_of_its_own_the_bootstrapper_frees_nothing_and_says_so()
    {
        using var response = await SendAsync(_admin, "POST", "/api/v1/registry/gc", "");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("runs no registry", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trail_names_the_operator_and_the_reason()
    {
        using var otto = With("otto-has-a-long-enough-token");
        using var response = await SendAsync(otto, "POST", "/api/v1/nodes/n1/hold", """{"reason":"the fan\nis loud"}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var pending = Path.Combine(_daemon.Bsroot.Inventory, ".git");
        await Eventually.True(() => File.Exists(Path.Combine(pending, "refs", "heads", "main")));
        Assert.Equal(
            "otto: n1: held: the fan is loud",
            ExternalTools.Output("git", "-C", _daemon.Bsroot.Inventory, "log", "-1", "--format=%an: %s: %b").Trim());
    }

    private static IEnumerable<string?> Names(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => Text(item, "hostName"));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static X509Certificate2 ClientCertificate(CertificateAuthority authority, string organization)
    {
        var leaf = authority.Issue(
            new LeafProfile("olga") { Organizations = [organization], Usage = LeafUsage.Client }, TimeSpan.FromHours(1));
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
        // TLS wants a key that is at home
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private HttpClient With(string token)
    {
        var client = _daemon.OverTls();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        return client;
    }

    private Task<JsonElement> NodeAsync(string name) => JsonAsync(_admin, $"/api/v1/nodes/{name}");

    private async Task<JsonElement> ChangeAsync(string method, string path, string body)
    {
        using var response = await SendAsync(_admin, method, path, body);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement;
    }

    private async Task<IReadOnlyList<(string Id, JsonElement Data)>> EventsAsync(int count, string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await _admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var events = new List<(string, JsonElement)>();
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            if (item.EventType == "seen")
            {
                events.Add((item.EventId!, JsonDocument.Parse(item.Data).RootElement));
            }

            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }

    private async Task ReportAsync(string form)
    {
        using var node1 = _daemon.From("127.0.0.2");
        using var response = await node1.PostAsync(
            "/api/v1/report/52:54:00:00:00:01", new StringContent(form, null, "application/x-www-form-urlencoded"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<JsonElement> JsonAsync(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetStringAsync(path, Cancellation)).RootElement;

    /// <summary>It may name a BMC of the sender's own, which is then sent a password.</summary>
    [Fact]
    public async Task A_description_is_saved_for_admins_alone()
    {
        using var otto = With("otto-has-a-long-enough-token");
        using var text = new StringContent("nodes: []");
        using var refused = await otto.PostAsync("/api/v1/plan/apply", text, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string path, string body, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body.Length > 0 || method == "PATCH")
        {
            request.Content = new StringContent(body, null, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request, Cancellation);
    }
}
