using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>Three members of etcd, at 127.0.0.2 to 127.0.0.4: what is refused while another one is away.</summary>
[Trait("Category", "Slow")]
public sealed class EtcdMajorityTests : IAsyncLifetime
{
    private readonly List<WebApplication> _members = [];
    private readonly List<FakeControlPlane> _planes = [];
    private TestDaemon _daemon = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(
            Sample.Cluster([.. Enumerable.Range(1, 3).Select(Member)]),
            bsroot => Bsroot.Write(
                Path.Combine(bsroot.Operators, "otto.operator"), "otto-has-a-long-enough-token\n", Bsroot.SecretFile));
        _admin = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        foreach (var plane in _planes)
        {
            await plane.DisposeAsync();
        }

        _admin.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task While_the_other_members_are_healthy_one_may_be_installed_again()
    {
        await AllRunAsync();
        await StartEtcdAsync(2);
        await StartEtcdAsync(3);
        Assert.Equal((HttpStatusCode.OK, ""), await ReinstallAsync("n1"));
    }

    [Fact]
    public async Task A_second_one_waits_until_etcd_is_healthy_on_the_first_although_that_runs()
    {
        await AllRunAsync();
        await StartEtcdAsync(2);
        await StartEtcdAsync(3, health: "false");
        var (status, reason) = await ReinstallAsync("n1");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.StartsWith(
            "without n1 etcd has no majority: 2 of its 3 members must be healthy, and n3 did not answer so, "
                + "or is to be installed again, too; start",
            reason,
            StringComparison.Ordinal);
        Assert.Equal("running", await StateAsync("n1"));
    }

    [Fact]
    public async Task One_that_is_to_be_installed_again_is_none_to_count_on_although_it_is_still_healthy()
    {
        await AllRunAsync();
        await StartEtcdAsync(1);
        await StartEtcdAsync(2);
        await StartEtcdAsync(3);
        Assert.Equal((HttpStatusCode.OK, ""), await ReinstallAsync("n1"));
        var (status, reason) = await ReinstallAsync("n2");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("and n1 did not answer so, or is to be installed again", reason, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, ""), await ReinstallAsync("n1"));
    }

    [Fact]
    public async Task Of_two_that_are_asked_for_at_once_one_is_refused()
    {
        await AllRunAsync();
        await StartEtcdAsync(1);
        await StartEtcdAsync(2);
        await StartEtcdAsync(3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async number =>
            (Name: $"n{1 + number % 3}", Answer: await ReinstallAsync($"n{1 + number % 3}"))));
        var armed = Assert.Single(answers.Where(one => one.Answer.Reason == "").Select(one => one.Name).Distinct());
        Assert.All(answers.Where(one => one.Name != armed), one =>
        {
            Assert.Equal(HttpStatusCode.Conflict, one.Answer.Status);
            Assert.Contains($"and {armed} did not answer so, or is to be", one.Answer.Reason, StringComparison.Ordinal);
        });
        var areArmed = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => IsArmedAsync($"n{number}")));
        Assert.Single(areArmed, isArmed => isArmed);
    }

    /// <summary>It has no BMC, which is told of where it may be switched off.</summary>
    [Theory]
    [InlineData("off", false, "without n1 etcd has no majority")]
    [InlineData("cycle", false, "without n1 etcd has no majority")]
    [InlineData("off", true, "does not say how to speak to the BMC of n1")]
    [InlineData("on", false, "does not say how to speak to the BMC of n1")]
    public async Task Nor_is_one_switched_off_unless_it_is_forced(string power, bool force, string why)
    {
        await AllRunAsync();
        await StartEtcdAsync(2);
        Assert.Contains(why, await SwitchAsync(power, force), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_is_a_machine_that_is_being_installed()
    {
        _daemon.Part<NodeInventory>().Change(
            Sample.Node(1).Mac,
            Member(1),
            new Wish(Author.Operator("test"), "a test"),
            record => Step.To(record with { State = NodeState.Installing }));
        Assert.Contains("n1 is being installed", await SwitchAsync("cycle", force: false), StringComparison.Ordinal);
        Assert.Contains("does not say how to speak to the BMC", await SwitchAsync("off", force: true), StringComparison.Ordinal);
    }

    private async Task<string> SwitchAsync(string power, bool force)
    {
        using var answer = await _admin.PostAsJsonAsync("/api/v1/nodes/n1/power", new { power, force }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    [Theory]
    [InlineData("mark_fresh", "{}")]
    [InlineData("set_state", """{"State":"configured"}""")]
    public async Task Nor_is_it_done_by_the_routes_of_mayu(string action, string host)
    {
        await AllRunAsync();
        using var answer = await _admin.PutAsync(
            $"/admin/host/n1/{action}", new StringContent(host, null, "application/json"), Cancellation);
        Assert.Contains("etcd has no majority", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("running", await StateAsync("n1"));
    }

    [Fact]
    public async Task An_admin_may_force_it_and_an_operator_may_not()
    {
        await AllRunAsync();
        using var otto = _daemon.OverTls();
        otto.DefaultRequestHeaders.Authorization = new("Bearer", "otto-has-a-long-enough-token");
        using var denied = await otto.PostAsJsonAsync("/api/v1/nodes/n1/reinstall", new { force = true }, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        using var forced = await _admin.PostAsJsonAsync("/api/v1/nodes/n1/reinstall", new { force = true }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, forced.StatusCode);
    }

    [Theory]
    [InlineData(null, "forced, although etcd has no majority without it: n2 and n3 did not answer that it is healthy, "
        + "or is to be installed again")]
    [InlineData("burnt down", "burnt down (forced, although etcd has no majority without it: n2 and n3 did not answer that it is "
        + "healthy, or is to be installed again)")]
    public async Task What_was_forced_is_so_on_the_audit_trail(string? reason, string expected)
    {
        await AllRunAsync();
        using var forced = await _admin.PostAsJsonAsync("/api/v1/nodes/n1/reinstall", new { force = true, reason }, Cancellation);
        await Eventually.True(async () => await LastReasonAsync() == expected);
    }

    [Fact]
    public async Task What_needed_no_force_is_not()
    {
        await AllRunAsync();
        await StartEtcdAsync(2);
        await StartEtcdAsync(3);
        using var forced = await _admin.PostAsJsonAsync(
            "/api/v1/nodes/n1/reinstall", new { force = true, reason = "a habit" }, Cancellation);
        await Eventually.True(async () => await LastReasonAsync() == "a habit");
    }

    [Fact]
    public async Task A_member_with_a_leased_address_is_asked_there_by_its_name()
    {
        var (homeless, leased) = (Member(43) with { Ip = null, Roles = NodeRoles.EtcdMember }, IPAddress.Parse("127.0.100.43"));
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Member(41), Member(42), homeless));
        await File.WriteAllTextAsync(daemon.Bsroot.DnsmasqLeases, $"0 {homeless.Mac} {leased} n43 *\n", Cancellation);
        await using var one = await FakeControlPlane.StartAsync(daemon, Member(42));
        await using var other = await FakeControlPlane.StartAsync(daemon, homeless, leased);
        one.Members = other.Members =
        [
            FakeControlPlane.Member("1", "n41", $"https://{Member(41).Ip}:2380"),
            FakeControlPlane.Member("2", "n42", $"https://{Member(42).Ip}:2380"),
            FakeControlPlane.Member("3", "n43", "https://n43.lab.test:2380"),
        ];
        using var admin = await daemon.OperatorAsync();
        foreach (var name in new[] { "n41", "n42", "n43" })
        {
            using var said = await admin.PostAsJsonAsync($"/api/v1/nodes/{name}/state", new { state = "running" }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, said.StatusCode);
        }

        using var answer = await admin.PostAsJsonAsync("/api/v1/nodes/n41/reinstall", new { }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_member_that_is_described_no_more_counts_as_long_as_etcd_has_it()
    {
        await AllRunAsync();
        foreach (var number in new[] { 2, 3 })
        {
            var plane = await FakeControlPlane.StartAsync(_daemon, Member(number));
            _planes.Add(plane);
            plane.Members =
            [
                .. Enumerable.Range(1, 3).Select(member => FakeControlPlane.Member(
                    $"{member}", $"n{member}", $"https://{Sample.Node(member).Ip}:2380")),
                FakeControlPlane.Member("9", "old", "https://127.0.0.99:2380"),
            ];
        }

        var (status, reason) = await ReinstallAsync("n1");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.StartsWith(
            "without n1 etcd has no majority: 3 of its 4 members must be healthy, and old is not described any more: switch",
            reason,
            StringComparison.Ordinal);
        _planes.ForEach(plane => plane.Members = [.. plane.Members.SkipLast(1)]);
        Assert.Equal((HttpStatusCode.OK, ""), await ReinstallAsync("n1"));
    }

    [Fact]
    public async Task Where_no_majority_was_ever_installed_there_is_none_to_lose()
    {
        await RunAsync(1);
        Assert.Equal((HttpStatusCode.OK, ""), await ReinstallAsync("n1"));
    }

    private static Node Member(int number) => Sample.Node(number) with
    {
        Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember,
    };

    private async Task AllRunAsync()
    {
        for (var number = 1; number <= 3; number++)
        {
            await RunAsync(number);
        }
    }

    private async Task RunAsync(int number)
    {
        using var said = await _admin.PostAsJsonAsync($"/api/v1/nodes/n{number}/state", new { state = "running" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, said.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string Reason)> ReinstallAsync(string name)
    {
        using var answer = await _admin.PostAsJsonAsync($"/api/v1/nodes/{name}/reinstall", new { }, Cancellation);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? "" : (await answer.Content.ReadFromJsonAsync<Problem>(
            Cancellation))!.Detail);
    }

    private async Task<string> StateAsync(string name) => NodeLifecycle.Name((await ShownAsync(name)).State);

    private async Task<bool> IsArmedAsync(string name) => (await ShownAsync(name)).Armed;

    private async Task<Shown> ShownAsync(string name) =>
        (await _admin.GetFromJsonAsync<Shown>($"/api/v1/nodes/{name}", InventoryFiles.Json, Cancellation))!;

    private async Task<string?> LastReasonAsync() =>
        (await _admin.GetFromJsonAsync<AuditPage>("/api/v1/audit?limit=1", InventoryFiles.Json, Cancellation))!
            .Items.SingleOrDefault()?.Reason;

    /// <summary>Answers as a member does, who has proved that etcd's root signed it.</summary>
    private async Task StartEtcdAsync(int number, string health = "true")
    {
        var root = _daemon.Authorities[RootName.Etcd];
        var address = Sample.Node(number).Ip!;
        var leaf = root.Issue(new LeafProfile("kube-etcd") { Addresses = [address] }, TimeSpan.FromHours(1));
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 2379, listener => listener.UseHttps(https =>
        {
            https.ServerCertificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (shown, _, _) => root.AcceptsClient(shown);
        })));
        var member = builder.Build();
        member.MapGet("/health", () => Results.Json(new { health, reason = "" }));
        _members.Add(member);
        await member.StartAsync(Cancellation);
    }

    private sealed record Problem(string Detail);

    private sealed record Shown(NodeState State, bool Armed);
}
