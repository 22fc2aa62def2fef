using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bootstrapper.Cli;
using Bootstrapper.Doctor;
using Bootstrapper.Host;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>
/// What operators look at beside the machines: who they are, the trail, the description, what nodes are given, releases and
/// images.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class OperatorViewsTests : IAsyncLifetime
{
    private const string Mac = "52-54-00-00-00-01";

    private const string Description = """
        bootstrapper: 127.0.0.1
        subnet: 127.0.0.0/8
        dhcp: off
        domainname: lab.test
        unknown_nodes: discover
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 127.0.0.2, kube_master: y, etcd_member: y, labels: {rack: a4}}
          - {mac: "52:54:00:00:00:02", hostname: n2, config: ignition}

        """;

    private TestDaemon _daemon = null!;
    private HttpClient _admin = null!, _viewer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var elsewhere = new TemporaryDirectory();
        elsewhere.Write("cluster-desc.yml", Description);
        var cluster =
            SnapshotLoader.Load(new Bsroot(elsewhere.Path), Path.Combine(elsewhere.Path, "cluster-desc.yml")).Snapshot!.Cluster;
        _daemon = await TestDaemon.StartAsync(cluster, bsroot =>
        {
            Bsroot.Write(Path.Combine(bsroot.Operators, "vera.viewer"), "vera-has-a-long-enough-token\n", Bsroot.SecretFile);
            StandInRelease.Put(bsroot);
        });
        _admin = await _daemon.OperatorAsync();
        _viewer = _daemon.OverTls();
        _viewer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "vera-has-a-long-enough-token");
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _viewer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_is_told_who_they_are()
    {
        Assert.Equal("""{"name":"vera","role":"viewer"}""", await _viewer.GetStringAsync("/api/v1/whoami", Cancellation));
        Assert.Equal("""{"name":"admin","role":"admin"}""", await _admin.GetStringAsync("/api/v1/whoami", Cancellation));
    }

    [Fact]
    public async Task The_trail_is_read_in_pages_by_machine_and_with_what_was_changed()
    {
        Assert.Empty((await JsonAsync("/api/v1/audit")).GetProperty("items").EnumerateArray());
        await HoldAsync("n1", "loud fan");
        await HoldAsync("n2", "too hot");
        await Eventually.True(async () => (await JsonAsync("/api/v1/audit")).GetProperty("items").GetArrayLength() == 2);

        var first = await JsonAsync("/api/v1/audit?limit=1");
        var newest = first.GetProperty("items")[0];
        Assert.Equal(
            ("admin", "operator", "n2", "52:54:00:00:00:02", "n2: held", "too hot"),
            (Text(newest, "author"), Text(newest, "authorKind"), Text(
                newest, "node"), Text(newest, "mac"), Text(newest, "subject"), Text(newest, "reason")));
        var second = await JsonAsync($"/api/v1/audit?limit=1&before={Text(first, "next")}");
        Assert.Equal(
            ("n1: held", false), (Text(second.GetProperty("items")[0], "subject"), second.TryGetProperty("next", out _)));
        Assert.Equal(
            "n1: held",
            Text((await JsonAsync("/api/v1/audit?node=N1")).GetProperty("items").EnumerateArray().Single(), "subject"));

        var shown = await JsonAsync($"/api/v1/audit/{Text(newest, "id")}");
        Assert.Contains("+  \"held\": true", Text(shown, "diff"), StringComparison.Ordinal);
        Assert.Equal("n2: held", Text(shown, "subject"));
    }

    [Fact]
    public async Task The_trail_of_a_machine_that_was_forgotten_is_found_by_its_MAC_address()
    {
        using var stranger = _daemon.From("127.0.9.9");
        using var asked = await stranger.GetAsync("/install.sh?mac=52:54:00:00:ff:01", Cancellation);
        await Eventually.True(async () =>
            (await _admin.GetAsync("/api/v1/nodes/52:54:00:00:ff:01", Cancellation)).IsSuccessStatusCode);
        // of an unknown machine, only what operators do is on the trail
        using var held = await _admin.PostAsync("/api/v1/nodes/52:54:00:00:ff:01/hold", content: null, Cancellation);
        using var forgotten = await _admin.PostAsync("/api/v1/nodes/52:54:00:00:ff:01/forget", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, forgotten.StatusCode);
        await Eventually.True(async () =>
            (await JsonAsync("/api/v1/audit?node=52:54:00:00:ff:01")).GetProperty("items").GetArrayLength() == 2);
    }

    [Theory]
    [InlineData("/api/v1/audit?before=HEAD", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/audit?before=--all", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/audit?before=0123456789012345678901234567890123456789", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/audit?node=nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/audit?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/audit/HEAD", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/audit/--output=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/audit/0123456789012345678901234567890123456789", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nodes/nobody/configs", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nodes?sort=size", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes?phase=flying", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes?sort=since&after=n1", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_answered_is_told_as_problem_details(string path, HttpStatusCode expected) =>
        await ProblemAsync(path, expected);

    [Fact]
    public async Task A_trail_that_is_gone_or_broken_is_a_problem_that_says_so()
    {
        await HoldAsync("n1", "loud fan");
        await Eventually.True(async () => (await JsonAsync("/api/v1/audit")).GetProperty("items").GetArrayLength() == 1);
        var head = Path.Combine(_daemon.Bsroot.Inventory, ".git", "HEAD");
        await File.WriteAllTextAsync(head, "nonsense\n", Cancellation);
        Assert.Contains(
            "the audit trail cannot be read: git",
            await ProblemAsync("/api/v1/audit", HttpStatusCode.InternalServerError),
            StringComparison.Ordinal);
        File.Delete(head);
        Assert.Contains(
            "is missing or broken",
            await ProblemAsync("/api/v1/audit", HttpStatusCode.InternalServerError),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_node_is_given_is_shown_as_the_command_shows_it_and_without_a_key()
    {
        await IssueAsync();
        var configs = (await JsonAsync("/api/v1/nodes/n1/configs", _admin)).GetProperty("items").EnumerateArray()
            .Select(item => (Name: Text(item, "name")!, Text: Text(item, "text")!)).ToList();
        Assert.Equal(
            [
                $"tftpboot/pxelinux.cfg/01-{Mac}", "ipxe", "grub", "install.sh", $"cloud-config/{Mac}.yaml", "ca.crt",
                $"tls/{Mac}/node.pem", $"tls/{Mac}/node-key.pem",
            ],
            configs.Select(config => config.Name));

        var ports = _daemon.Current.Value.Cluster.Ports;
        await File.WriteAllTextAsync(
            _daemon.Bsroot.Description,
            Description + $"http_port: {ports.Http}\nhttps_port: {ports.Https}\nregistry_port: {ports.Registry}\n",
            Cancellation);
        var shown = new StringWriter();
        Assert.Equal(
            ExitCode.Success,
            await CommandLine.RunAsync(["render", "--bsroot", _daemon.Bsroot.Root, "--node", Mac], new() { Output = shown }));
        Assert.Equal(shown.ToString(), string.Concat(configs.Select(config => $"==> {config.Name} <==\n{config.Text}\n")));
    }

    [Theory]
    [InlineData("""{"bmc": "here"}""", "invalid request: bmc: not an IP address")]
    [InlineData("""{"bmc": 7}""", "invalid request: bmc: expected text")]
    [InlineData("""{"cabinet": {"a": "b"}}""", "invalid request: cabinet: expected text")]
    [InlineData("""{"position": "a\nb"}""", "invalid request: position: expected text of at most 500 characters")]
    [InlineData("""{"labels": "a"}""", "invalid request: labels: expected a JSON object of texts")]
    [InlineData("""{"labels": {"a": 1}}""", "invalid request: labels.a: expected text")]
    [InlineData("""{"labels": {"a": "b\u0007"}}""", "invalid request: labels.a: expected text of at most 500 characters")]
    [InlineData(
        """{"colour": "red"}""",
        "invalid request: colour: is not a known field: expected one of providerId, cabinet, position, bmc, labels, metadata")]
    public async Task A_note_that_cannot_be_kept_is_told_by_its_field(string patch, string reason)
    {
        using var body = new StringContent(patch, null, "application/merge-patch+json");
        using var patched = await _admin.PatchAsync("/api/v1/nodes/n1", body, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, patched.StatusCode);
        Assert.StartsWith(
            reason, Text(await patched.Content.ReadFromJsonAsync<JsonElement>(Cancellation), "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anybody_is_told_which_time_server_is_silent_and_not_why_other_work_failed()
    {
        var health = _daemon.Part<BackgroundHealth>();
        using var stranger = _daemon.From("127.0.9.9");
        foreach (var (client, other) in new[] { (stranger, "failed; the log says why"), (_admin, "/secret/path") })
        {
            await Eventually.True(async () =>
            {
                health.Fail(TimeServers.Name, "192.0.2.7 gives no time"); // a round of the watch may come in between
                health.Fail("some work", "/secret/path");
                return (await DetailAsync(client, TimeServers.Name), await DetailAsync(client, "some work"))
                    == ("192.0.2.7 gives no time", other);
            });
        }
    }

    private static async Task<string?> DetailAsync(HttpClient client, string name)
    {
        using var response = await client.GetAsync("/readyz", Cancellation);
        var parts = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("parts").EnumerateArray();
        return parts.Where(part => Text(part, "name") == name)
            .Select(part => part.GetProperty("detail")[0].GetString()).FirstOrDefault();
    }

    [Fact]
    public async Task A_token_of_etcds_discovery_is_not_for_viewers()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["etcd-cluster-token"] = "t0ken", ["a"] = "b" };
        using var patched = await _admin.PatchAsJsonAsync("/api/v1/nodes/n1", new { metadata }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        await Eventually.True(async () => (await JsonAsync("/api/v1/audit")).GetProperty("items").GetArrayLength() > 0);
        var id = Text((await JsonAsync("/api/v1/audit")).GetProperty("items")[0], "id");

        Assert.Equal("t0ken", Text(await JsonAsync("/api/v1/nodes/n1", _admin), "etcdToken"));
        foreach (var url in new[] { "/api/v1/nodes/n1", "/api/v1/nodes", "/admin/hosts", $"/api/v1/audit/{id}" })
        {
            Assert.Contains("t0ken", await _admin.GetStringAsync(url, Cancellation), StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", await _viewer.GetStringAsync(url, Cancellation), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/api/v1/nodes/n1/configs")]
    [InlineData("/api/v1/description")]
    public async Task What_holds_operators_own_variables_is_not_for_viewers(string path)
    {
        using var refused = await _viewer.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("n2")]
    public async Task No_key_is_in_what_is_shown(string node)
    {
        await IssueAsync();
        var answer = await _admin.GetStringAsync($"/api/v1/nodes/{node}/configs", Cancellation);
        var texts = JsonDocument.Parse(answer).RootElement.GetProperty("items")
            .EnumerateArray().Select(item => Text(item, "text")!);
        var all = Unpacked(string.Join('\n', texts));
        Assert.Contains("-----BEGIN PRIVATE KEY-----", all, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}", all);
        Assert.DoesNotContain(
            (await File.ReadAllTextAsync(_daemon.Bsroot.EncryptionKey, Cancellation)).Trim(), all, StringComparison.Ordinal);
        Assert.Contains("(masked; --show-secrets shows it)", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_no_node_is_given_nothing()
    {
        using var stranger = _daemon.From("127.0.9.9");
        using var asked = await stranger.GetAsync("/install.sh?mac=52:54:00:00:ff:01", Cancellation);
        await Eventually.True(async () => (await ProblemAsync("/api/v1/nodes/52:54:00:00:ff:01/configs", HttpStatusCode.NotFound))
            .Contains("is not a node of the cluster", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Releases_and_images_are_shown_part_by_part()
    {
        Assert.Equal(
            $$"""
            [{"channel":"stable","current":"{{StandInRelease.Version}}","versions":["{{StandInRelease.Version}}"],"ready":true}]
            """,
            await _viewer.GetStringAsync("/api/v1/releases", Cancellation));
        Assert.Equal(
            """{"ready":false,"arrived":0,"total":0,"problems":[],"missing":[]}""",
            await _viewer.GetStringAsync("/api/v1/images", Cancellation));

        File.Delete(Path.Combine(
            _daemon.Bsroot.Www,
            "stable",
            StandInRelease.Version,
            ReleaseFiles.Of(Bootstrapper.Cluster.OperatingSystemName.Flatcar).Kernel));
        var channel = (await JsonAsync("/api/v1/releases"))[0];
        Assert.Equal(
            (false, "www/stable/current/flatcar_production_pxe.vmlinuz"),
            (channel.GetProperty("ready").GetBoolean(), Text(channel, "missing")));
    }

    [Fact]
    public void What_readyz_says_of_a_release_is_made_of_the_same()
    {
        var looked = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var view = new ChannelView("beta", "1.2.3", ["1.2.2", "1.2.3"], looked, looked.AddHours(1), Failure: null, Missing: null);
        Assert.Equal("beta: 1.2.3; the newest at 2026-11-20 12:00:00Z, next check at 2026-11-20 13:00:00Z", view.Text);
        Assert.Equal(
            "beta: there is no www/beta/current/x: run 'bootstrapper fetch os', or set os.update.enabled; "
                + "the check for a newer one at 2026-11-20 12:00:00Z failed, next at 2026-11-20 13:00:00Z: no route",
            (view with { Failure = "no route", Missing = "www/beta/current/x" }).Text);
        Assert.Equal(
            "beta: 1.2.3; the check for a newer one at 2026-11-20 12:00:00Z failed, next at 2026-11-20 13:00:00Z",
            (view with { Failure = "no route" }).Outline);
        Assert.Equal("beta: current", (view with { Current = null, Looked = null }).Text);
    }

    [Fact]
    public async Task The_description_is_shown_with_whether_it_is_in_force_and_what_is_wrong_with_it()
    {
        var missing = await JsonAsync("/api/v1/description", _admin);
        Assert.Equal(("", false), (Text(missing, "text"), missing.GetProperty("inForce").GetBoolean()));
        Assert.Contains(
            "it is being replaced, or is gone", Text(missing.GetProperty("problems")[0], "message"), StringComparison.Ordinal);

        var text = Description + "ceph_monitor: y\n";
        await File.WriteAllTextAsync(_daemon.Bsroot.Description, text, Cancellation);
        _daemon.Current.Replace(SnapshotLoader.Load(_daemon.Bsroot, _daemon.Bsroot.Description).Snapshot!);
        var shown = await JsonAsync("/api/v1/description", _admin);
        Assert.Equal((text, true), (Text(shown, "text"), shown.GetProperty("inForce").GetBoolean()));
        Assert.Contains(shown.GetProperty("problems").EnumerateArray(), problem => problem.GetRawText().StartsWith(
            """{"severity":"warning","line":9,"column":1,"path":"ceph_monitor","message":""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Machines_are_searched_and_sorted()
    {
        await HoldAsync("n2", "newest");
        using var reported = await _daemon.From("127.0.0.2").PostAsync(
            "/api/v1/report/52:54:00:00:00:01", new FormUrlEncodedContent([new("state", "running")]), Cancellation);
        Assert.Equal(["n1"], Names(await JsonAsync("/api/v1/nodes?search=RACK%3Da4")));
        Assert.Equal(["n2"], Names(await JsonAsync("/api/v1/nodes?search=00:02")));
        Assert.Equal(["n2", "n1"], Names(await JsonAsync("/api/v1/nodes?sort=state")));
        var first = await JsonAsync("/api/v1/nodes?sort=-state&limit=1");
        Assert.Equal(["n1"], Names(first));
        Assert.Equal(["n2"], Names(await JsonAsync($"/api/v1/nodes?sort=-state&limit=1&after={Text(first, "next")}")));
    }

    /// <summary>From here on certificates and keys are on record.</summary>
    private async Task IssueAsync()
    {
        using var node1 = _daemon.From("127.0.0.2");
        Assert.Contains(
            "BEGIN PRIVATE KEY", await node1.GetStringAsync($"/cloud-config/{Mac}", Cancellation), StringComparison.Ordinal);
    }

    private async Task HoldAsync(string node, string reason)
    {
        using var held = await _admin.PostAsync(
            $"/api/v1/nodes/{node}/hold",
            new StringContent($$"""{"reason":"{{reason}}"}""", null, "application/json"),
            Cancellation);
        Assert.Equal(HttpStatusCode.OK, held.StatusCode);
    }

    /// <returns>The detail.</returns>
    private async Task<string> ProblemAsync(string path, HttpStatusCode expected)
    {
        using var response = await _admin.GetAsync(path, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(
            (expected, "application/problem+json") == (response.StatusCode, response.Content.Headers.ContentType?.MediaType),
            answer);
        return Text(JsonDocument.Parse(answer).RootElement, "detail")!;
    }

    private async Task<JsonElement> JsonAsync(string path, HttpClient? client = null) =>
        JsonDocument.Parse(await (client ?? _viewer).GetStringAsync(path, Cancellation)).RootElement;

    private static IEnumerable<string?> Names(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => Text(item, "hostName"));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>With what Ignition packs into URLs beside it, unpacked.</summary>
    private static string Unpacked(string shown) => shown + string.Concat(
        Packed().Matches(shown).Select(match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups["text"].Value))));

    [GeneratedRegex("data:;base64,(?<text>[A-Za-z0-9+/=]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Packed();
}
