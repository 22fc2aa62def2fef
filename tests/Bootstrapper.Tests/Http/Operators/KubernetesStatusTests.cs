using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>
/// Three control planes at 127.0.0.22 to 127.0.0.24 and two workers: what <c>kubernetes status</c> and <c>node why</c> tell of
/// them.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KubernetesStatusTests : IAsyncLifetime
{
    private readonly List<FakeControlPlane> _planes = [];
    private TestDaemon _daemon = null!;
    private HttpClient _admin = null!, _viewer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var cluster = Sample.Cluster(
            [.. Enumerable.Range(21, 3).Select(ControlPlane), Sample.Node(24), Sample.Node(25)]);
        _daemon = await TestDaemon.StartAsync(
            cluster with { Kubernetes = cluster.Kubernetes with { Version = "1.36.2" } },
            bsroot => Bsroot.Write(
                Path.Combine(bsroot.Operators, "vera.viewer"), "vera-has-a-long-enough-token\n", Bsroot.SecretFile));
        _admin = await _daemon.OperatorAsync();
        _viewer = _daemon.OverTls();
        _viewer.DefaultRequestHeaders.Authorization = new("Bearer", "vera-has-a-long-enough-token");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var plane in _planes)
        {
            await plane.DisposeAsync();
        }

        _admin.Dispose();
        _viewer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task A_viewer_sees_that_all_is_well_in_a_few_lines()
    {
        await StartAsync(21, 22, 23);
        var until = $"certificate until {TimeProvider.System.GetUtcNow().AddDays(100):yyyy-MM-dd}";
        var (exitCode, output, error) = await StatusAsync();
        Assert.Equal(
            $"""
            API servers: 3 of 3 healthy
              n21  healthy  v1.36.2  {until}
              n22  healthy  v1.36.2  {until}
              n23  healthy  v1.36.2  {until}
            etcd: 3 of 3 healthy
              n21  leader   3.6.8
              n22  healthy  3.6.8
              n23  healthy  3.6.8
            Nodes: 5 of 5 Ready; the description has v1.36.2
            Certificates: none that runs out soon

            """,
            output);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.True((await ViewAsync()).GetProperty("healthy").GetBoolean());
    }

    [Fact]
    public async Task It_asks_as_itself_and_for_no_more_than_it_needs()
    {
        await StartAsync(21, 22, 23);
        await ViewAsync();
        var asked = _planes.SelectMany(plane => plane.Asked).Order(StringComparer.Ordinal).ToList();
        Assert.All(asked, question => Assert.StartsWith("CN=bootstrapper GET /", question, StringComparison.Ordinal));
        Assert.Equal(
            ["/api/v1/nodes?limit=500&continue=", "/api/v1/nodes?limit=500&continue=3", "/readyz?verbose", "/version"],
            asked.Select(question => question.Split(' ')[2]).Distinct(StringComparer.Ordinal));
        Assert.Equal(8, asked.Count);
    }

    [Fact]
    public async Task However_many_look_on_it_is_one_look_and_seconds_later_another()
    {
        await StartAsync(21, 22, 23);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ViewAsync()));
        Assert.Equal(3, Looks());
        await Eventually.True(async () =>
        {
            await ViewAsync();
            return Looks() == 6;
        });

        int Looks() => _planes.Sum(plane => plane.Asked.Count(asked => asked.Contains("/readyz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_hangs_and_one_that_is_gone_are_said_to_be_and_the_third_tells_of_the_nodes()
    {
        await StartAsync(21, 22);
        _planes[0].Hangs = true;
        var watch = Stopwatch.StartNew();
        var view = await ViewAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9));
        Assert.Equal(
            ["n21 unreachable no answer within 5 s", "n22 healthy ", "n23 unreachable Connection refused"],
            ListOf(view, "apiServers", "name", "state", "message"));
        Assert.Equal(["n21 unreachable", "n22 healthy", "n23 unreachable"], ListOf(view, "etcd", "name", "state"));
        Assert.All(ListOf(view, "nodes", "state"), state => Assert.Equal("ready", state));
        var (exitCode, _, error) = await StatusAsync();
        Assert.Equal((ExitCode.Unavailable, "error: Kubernetes is not as it should be\n"), (exitCode, error));
    }

    [Fact]
    public async Task That_no_API_server_answers_is_an_answer()
    {
        var (exitCode, output, _) = await StatusAsync();
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.StartsWith(
            "API servers: 0 of 3 healthy\n  n21  unreachable  -  Connection refused\n", output, StringComparison.Ordinal);
        Assert.Contains("Nodes: unknown: no API server is healthy\n", output, StringComparison.Ordinal);
        Assert.Equal(["unknown"], ListOf(await ViewAsync(), "nodes", "state").Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_an_API_server_says_of_itself_and_what_it_refuses_is_told_in_its_words()
    {
        await StartAsync(21, 22);
        _planes[0].FailedChecks = ["etcd", "informer-sync"];
        _planes[1].IsForbidden = true;
        var view = await ViewAsync();
        Assert.Equal(
            "n21 unhealthy etcd failed: reason withheld; informer-sync failed: reason withheld",
            ListOf(view, "apiServers", "name", "state", "message")[0]);
        Assert.Equal(
            "n22: nodes is forbidden: User \"bootstrapper\" cannot list resource \"nodes\"",
            view.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_server_that_another_root_signed_is_not_believed()
    {
        using var elsewhere = new TemporaryDirectory();
        _planes.Add(await FakeControlPlane.StartAsync(
            _daemon, ControlPlane(21), authorities: Authorities.Open(new Bsroot(elsewhere.Path), TimeProvider.System)));
        var said = ListOf(await ViewAsync(), "apiServers", "name", "state", "message")[0];
        Assert.StartsWith("n21 unreachable The remote certificate is invalid", said, StringComparison.Ordinal);
        Assert.Empty(_planes[0].Asked);
    }

    [Fact]
    public async Task Nodes_are_compared_with_the_description()
    {
        await StartAsync(21, 22, 23);
        var nodes = new[]
        {
            FakeControlPlane.NodeObject("n21"),
            FakeControlPlane.NodeObject("n22", version: "v1.35.7"),
            FakeControlPlane.NodeObject("n23", version: "v1.36.2-lab.1"),
            FakeControlPlane.NodeObject("n24", ready: "False", message: "container runtime\nnetwork not \u001bready"),
            FakeControlPlane.NodeObject("old", version: "v1.35.7"),
        };
        _planes.ForEach(plane => plane.Nodes = nodes);
        var (exitCode, output, _) = await StatusAsync();
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.EndsWith(
            """
            Nodes: 3 of 5 Ready; the description has v1.36.2
              n22  Ready          v1.35.7  an older version than is described
              n24  not Ready      v1.36.2  KubeletNotReady: container runtime network not  ready
              n25  missing        -
              old  not described  v1.35.7  an older version than is described
            Certificates: none that runs out soon

            """,
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_of_etcd_are_compared_with_the_description()
    {
        await StartAsync(21, 22);
        _planes[0].Illness = "RAFT NO LEADER";
        object[] members =
        [
            FakeControlPlane.Member("1", "n21", "https://127.0.0.22:2380"),
            FakeControlPlane.Member("2", "n22", "https://127.0.0.23:2380", isLearner: true),
            FakeControlPlane.Member("9", "old", "https://127.0.0.99:2380"),
        ];
        _planes.ForEach(plane => plane.Members = members);
        Assert.Equal(
            [
                "n21 unhealthy RAFT NO LEADER",
                "n22 learner it has not caught up, and has no vote yet",
                "n23 noMember the others do not list it: it has not joined, or was removed",
                "old notDescribed ",
            ],
            ListOf(await ViewAsync(), "etcd", "name", "state", "message"));
    }

    [Fact]
    public async Task What_is_no_object_in_an_answer_is_passed_over()
    {
        await StartAsync(21, 22, 23);
        object?[] nodes = [null, new { }, new { status = new { conditions = new object?[] { null } } }, .. _planes[0].Nodes];
        object?[] members = [null, new { peerURLs = new string?[] { null } }, .. _planes[0].Members];
        _planes.ForEach(plane => (plane.Nodes, plane.Members) = (nodes!, members!));
        var view = await ViewAsync();
        Assert.Equal(5, ListOf(view, "nodes", "state").Count(state => state == "ready"));
        Assert.Equal(
            ["n21 leader", "n22 healthy", "n23 healthy", "without a name notDescribed"], ListOf(view, "etcd", "name", "state"));
    }

    [Fact]
    public async Task One_with_a_leased_address_is_asked_there_by_its_name()
    {
        var (single, leased) = (ControlPlane(31) with { Ip = null }, IPAddress.Parse("127.0.100.31"));
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(single));
        await File.WriteAllTextAsync(daemon.Bsroot.DnsmasqLeases, $"0 {single.Mac} {leased} n31 *\n", Cancellation);
        await using var plane = await FakeControlPlane.StartAsync(daemon, single, leased);
        plane.Nodes = [FakeControlPlane.NodeObject("n31")];
        plane.Members = [FakeControlPlane.Member("1", "n31", "https://n31.lab.test:2380")];
        using var admin = await daemon.OperatorAsync();
        var view = await admin.GetFromJsonAsync<JsonElement>("/api/v1/kubernetes", Cancellation);
        Assert.Equal(["n31 healthy"], ListOf(view, "apiServers", "name", "state"));
        Assert.Equal(["n31 leader"], ListOf(view, "etcd", "name", "state"));
        Assert.Equal(["n31 ready"], ListOf(view, "nodes", "name", "state"));
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_told()
    {
        await StartAsync(21, 22, 23);
        // a leaf begins a while before it is issued, so that little of its life is left
        var leaf = _daemon.Authorities[RootName.Cluster].Issue(new LeafProfile("system:node:n24"), TimeSpan.FromMinutes(1));
        new LeafFiles(_daemon.Bsroot).Write(Sample.Node(24).Mac, NodeLeaf.KubeletServing, leaf);
        var view = await ViewAsync();
        Assert.Equal(["n24 kubelet-serving renew"], ListOf(view, "certificates", "node", "name", "health"));
        Assert.True(view.GetProperty("healthy").GetBoolean());
    }

    [Fact]
    public async Task That_of_an_operator_is_none_of_them_whatever_he_is_called()
    {
        await StartAsync(21, 22, 23);
        new UserCertificates(_daemon.Bsroot).Issue(_daemon.Authorities[RootName.Cluster], "root", [], TimeSpan.FromMinutes(1));
        Assert.Empty(ListOf(await ViewAsync(), "certificates", "node"));
    }

    [Fact]
    public async Task Node_why_has_the_words_of_the_condition_of_a_node_that_runs_and_is_not_Ready()
    {
        await StartAsync(21, 22, 23);
        var node = FakeControlPlane.NodeObject("n24", ready: "False", message: "cni plugin not initialized");
        _planes.ForEach(plane => plane.Nodes = [node]);
        Assert.Empty(await FindingsAsync("n24"));
        using var said = await _admin.PostAsJsonAsync("/api/v1/nodes/n24/state", new { state = "running" }, Cancellation);
        Assert.Equal(
            ["not-ready: it runs, and Kubernetes has it for not Ready: KubeletNotReady: cni plugin not initialized; "
                + "since 2026-11-20 11:00:00Z"],
            await FindingsAsync("n24"));
    }

    private static Node ControlPlane(int number) => Sample.Node(number) with
    {
        Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember,
    };

    private async Task StartAsync(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            var plane = await FakeControlPlane.StartAsync(_daemon, ControlPlane(number));
            (plane.MemberId, plane.LeaderId) = ($"{number}", "21");
            plane.Nodes = [.. Enumerable.Range(21, 5).Select(node => FakeControlPlane.NodeObject($"n{node}"))];
            plane.Members = [.. Enumerable.Range(21, 3).Select(member =>
                FakeControlPlane.Member($"{member}", $"n{member}", $"https://{Sample.Node(member).Ip}:2380"))];
            _planes.Add(plane);
        }
    }

    private Task<JsonElement> ViewAsync() => _viewer.GetFromJsonAsync<JsonElement>("/api/v1/kubernetes", Cancellation);

    private static List<string> ListOf(JsonElement view, string list, params string[] fields) =>
        [.. view.GetProperty(list).EnumerateArray().Select(item =>
            string.Join(' ', fields.Select(field => item.TryGetProperty(field, out var value) ? value.GetString() : "")))];

    private async Task<List<string>> FindingsAsync(string name) => ListOf(
        await _viewer.GetFromJsonAsync<JsonElement>($"/api/v1/nodes/{name}/why", Cancellation), "findings", "rule", "reason")
        .ConvertAll(finding => finding.Replace("not-ready ", "not-ready: ", StringComparison.Ordinal));

    private async Task<(int ExitCode, string Output, string Error)> StatusAsync()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Create().Parse(
            [
                "kubernetes", "status", "--server", $"https://127.0.0.1:{_daemon.HttpsPort}",
                "--token", "vera-has-a-long-enough-token", "--ca", _daemon.Bsroot.CaCertificate,
            ]).InvokeAsync(new() { Output = output, Error = error }, Cancellation);
        return (exitCode, output.ToString(), error.ToString());
    }
}
