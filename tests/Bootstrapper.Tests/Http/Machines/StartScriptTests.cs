using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Loaders;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>
/// What the live system is told that an operator signed: all over TLS, once it asked so. Node 1 has the address 127.0.0.2.
/// </summary>
public sealed class StartScriptTests : IAsyncLifetime
{
    private const string Mac1 = "52:54:00:00:00:01";
    private TestDaemon _daemon = null!;
    private HttpClient _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ClusterDescription Cluster => Sample.Cluster(Sample.Node(1) with { SecureBoot = SecureBoot.Uki }) with
    {
        SecureBoot = SecureBoot.Uki,
        UnknownNodes = UnknownNodes.Discover,
    };

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Cluster);
        _node = _daemon.OverTlsFrom("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData("/start.sh")]
    [InlineData("/install.sh")]
    [InlineData("/discover.sh")]
    [InlineData("/facts.sh")]
    public async Task A_script_names_us_as_it_was_asked_for(string path)
    {
        using var plain = _daemon.From("127.0.0.2");
        var (http, https) = ($"http://127.0.0.1:{_daemon.Port}", $"https://127.0.0.1:{_daemon.HttpsPort}");
        var open = await plain.GetStringAsync(path, Cancellation);
        var secure = await _node.GetStringAsync(path, Cancellation);
        Assert.Contains($"bootstrapper='{http}'", open, StringComparison.Ordinal);
        Assert.Equal(open.Replace(http, https, StringComparison.Ordinal), secure);
        Assert.DoesNotContain("http://127.0.0.1", secure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_is_told_to_be_installed_and_then_to_start_from_its_disk()
    {
        Assert.Equal("run 'install.sh?mac=52:54:00:00:00:01'\n# end of the order\n", await OrderAsync(Mac1));

        await ReportAsync("state=installing&disk=SERIAL%207");
        (await _node.GetAsync($"/cloud-config/{Mac1}", Cancellation)).EnsureSuccessStatusCode();
        await ReportAsync("state=installed");
        Assert.Equal(
            "say 'n1 is not to be installed: booting from the local disk'\nboot_disk 0 'SERIAL 7'\n# end of the order\n",
            await OrderAsync(Mac1));

        var timeline = await (await _daemon.OperatorAsync()).GetStringAsync("/api/v1/nodes/n1/timeline", Cancellation);
        Assert.Contains("GET /order", timeline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_machine_is_told_to_be_discovered_and_a_node_on_hold_to_leave_it_alone()
    {
        Assert.Equal("run 'discover.sh'\n# end of the order\n", await OrderAsync("52:54:00:00:00:99"));

        using var operators = await _daemon.OperatorAsync();
        (await operators.PostAsync("/api/v1/nodes/n1/hold", content: null, Cancellation)).EnsureSuccessStatusCode();
        Assert.EndsWith("boot_disk 0\n# end of the order\n", await OrderAsync(Mac1), StringComparison.Ordinal);
        Assert.EndsWith("boot_disk 15\n# end of the order\n", await OrderAsync(Mac1), StringComparison.Ordinal);
        Assert.EndsWith("boot_disk 30\n# end of the order\n", await OrderAsync(Mac1), StringComparison.Ordinal);
    }

    /// <summary>Its config is none, whatever the word is that leads to it.</summary>
    [Fact]
    public void A_machine_that_lives_in_memory_is_given_no_script()
    {
        var node = Sample.Node(1) with { HasDollarTemplate = true };
        var order = StartOrder.Boot(NetBoot.Of(node, Cluster));
        Assert.StartsWith("say 'it is to boot ", order, StringComparison.Ordinal);
        Assert.DoesNotContain("run ", order, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_nobody_hears_why()
    {
        await using var daemon = await TestDaemon.StartAsync(Cluster with { UnknownNodes = UnknownNodes.Ignore });
        using var machine = daemon.OverTlsFrom("127.0.0.9");
        using var answer = await machine.GetAsync("/order?mac=52:54:00:00:00:99", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(
            "say 'no node has the MAC address 52:54:00:00:00:99'\nboot_disk 0\n# end of the order\n",
            await answer.Content.ReadAsStringAsync(Cancellation));
        using var slip = await machine.GetAsync("/order?mac=52:54", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, slip.StatusCode);
        Assert.StartsWith("# ", await slip.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>What it reports, and what it is given, is as over HTTP: by its address and its card.</summary>
    [Fact]
    public async Task Its_config_is_given_to_it_and_to_nobody_else()
    {
        using var stranger = _daemon.OverTlsFrom("127.0.0.9");
        using var refused = await stranger.GetAsync($"/cloud-config/{Mac1}", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.StartsWith(
            "#cloud-config", await _node.GetStringAsync($"/cloud-config/{Mac1}", Cancellation), StringComparison.Ordinal);
    }

    private Task<string> OrderAsync(string mac) => _node.GetStringAsync($"/order?mac={mac}&uuid=&serial=", Cancellation);

    private async Task ReportAsync(string state)
    {
        using var content = new StringContent(state);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        (await _node.PostAsync($"/api/v1/report/{Mac1}", content, Cancellation)).EnsureSuccessStatusCode();
    }
}
