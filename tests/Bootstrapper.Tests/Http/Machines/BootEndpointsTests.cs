using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>
/// What machines report while they are installed, and what they are answered after it. Node 1 has the address 127.0.0.2, node 2
/// has 127.0.0.3.
/// </summary>
public sealed class BootEndpointsTests : IAsyncLifetime
{
    private const string Mac1 = "52:54:00:00:00:01";
    private TestDaemon _daemon = null!;
    private HttpClient _node1 = null!;
    private HttpClient _stranger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)));
        _node1 = _daemon.From("127.0.0.2");
        _stranger = _daemon.From("127.0.9.9");
    }

    public async ValueTask DisposeAsync()
    {
        _node1.Dispose();
        _stranger.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task A_node_whose_template_is_an_Ignition_config_has_no_cloud_config_and_is_told_where_to_ask()
    {
        const string Template = """{"ignition":{"version":"3.2.0"},"host":{{ json Hostname }} }""";
        await using var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node() with { Template = "mine.ign" }),
            bsroot => Bsroot.Write(Path.Combine(bsroot.Templates, "mine.ign"), Template));
        using var node = daemon.From("127.0.0.2");
        Assert.Equal(
            "{\n  \"ignition\": {\n    \"version\": \"3.2.0\"\n  },\n  \"host\": \"n1\"\n}\n",
            await node.GetStringAsync("/ignition", Cancellation));

        using var refused = await node.GetAsync("/cloud-config", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("/ignition", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>With Secure Boot GRUB has its own files from where shim was loaded, which may be us, over HTTP.</summary>
    [Fact]
    public async Task GRUB_that_came_over_HTTP_is_told_what_to_ask_and_its_linux_starts_what_is_signed()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node() with
        {
            SecureBoot = SecureBoot.Shim,
            BootLoader = BootLoader.Shim,
            Boot = new BootSettings { Kernel = "debian/vmlinuz", Initrd = ["debian/initrd.img"] },
        }));
        using var node = daemon.From("127.0.0.2");
        var first = await node.GetStringAsync("/grub/grub.cfg", Cancellation);
        Assert.Matches("configfile \"\\(http,127\\.0\\.0\\.1:[0-9]+\\)/grub\\?mac=\\$net_default_mac&uuid=\\$uuid\"", first);
        using var length = await node.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/grub/grub.cfg"), Cancellation);
        Assert.Equal(first.Length, length.Content.Headers.ContentLength);

        var script = await node.GetStringAsync($"/grub?mac={Mac1}", Cancellation);
        Assert.Matches("(?m)^linux '\\(http,127\\.0\\.0\\.1:[0-9]+\\)/debian/vmlinuz'$", script);
        Assert.EndsWith("/debian/initrd.img'\nboot\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("linuxefi", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_of_the_operators_own_is_given_to_its_node_alone_and_others_have_none()
    {
        await using var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node() with
            {
                Generic = "notes.txt",
                Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["rack"] = "a: \"1\"" },
            }, Sample.Node(2)),
            bsroot => Bsroot.Write(Path.Combine(bsroot.Templates, "notes.txt"), "{{ Hostname }} in {{ Variables.rack }}\n"));
        using var node = daemon.From("127.0.0.2");
        using var other = daemon.From("127.0.0.3");
        Assert.Equal("n1 in a: \"1\"\n", await node.GetStringAsync("/generic", Cancellation));
        Assert.Equal("n1 in a: \"1\"\n", await node.GetStringAsync($"/generic?mac={Mac1}", Cancellation));

        using var stranger = await other.GetAsync($"/generic/{Mac1}", Cancellation);
        using var none = await other.GetAsync("/generic", Cancellation);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (stranger.StatusCode, none.StatusCode));
    }

    [Fact]
    public async Task A_nodes_secrets_are_refused_even_to_itself_once_it_is_installed()
    {
        await ReportAsync(_node1, "state=installing");
        Assert.Contains(
            "PRIVATE KEY", await _node1.GetStringAsync($"/tls/{Mac1}/node-key.pem", Cancellation), StringComparison.Ordinal);

        await ReportAsync(_node1, "state=installed");
        using var refused = await _node1.GetAsync($"/tls/{Mac1}/node-key.pem", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var script = await _node1.GetAsync("/install.sh", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, script.StatusCode);
        Assert.Contains(_daemon.Log.Lines, line => line.Contains("n1 is installed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_boot_file_agrees_with_the_state_before_the_report_is_answered()
    {
        var bootFile = _daemon.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(1).Mac));
        Assert.Contains("cloud-config-url=", await File.ReadAllTextAsync(bootFile, Cancellation), StringComparison.Ordinal);

        await ReportAsync(_node1, "state=installing");
        await ReportAsync(_node1, "state=installed");
        Assert.Contains("LOCALBOOT", await File.ReadAllTextAsync(bootFile, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "/ipxe?uuid=&mac=52-54-00-00-00-01&domain=&hostname=&serial=&arch=i386",
        "#!ipxe\nkernel http://127.0.0.1:",
        "\nsanboot ",
        "\nexit 1\n")]
    [InlineData("/grub?mac=52:54:00:00:00:01", "linuxefi '(http,127.0.0.1:", "chainloader", "exit 1\n")]
    public async Task A_loader_boots_over_the_network_until_the_machine_is_installed_and_from_the_disk_then(
        string url, string network, string never, string disk)
    {
        var script = await _stranger.GetStringAsync(url, Cancellation);
        Assert.Contains(network, script, StringComparison.Ordinal);
        Assert.DoesNotContain(never, script, StringComparison.Ordinal);

        await ReportAsync(_node1, "state=installing");
        await ReportAsync(_node1, "state=installed");
        Assert.EndsWith(disk, await _stranger.GetStringAsync(url, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state=flying", HttpStatusCode.BadRequest)]
    [InlineData("state=configured", HttpStatusCode.BadRequest)]
    [InlineData("state=7", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task A_report_that_makes_no_sense_changes_nothing(string body, HttpStatusCode expected)
    {
        using var response = await PostAsync(_node1, body);
        Assert.Equal(expected, response.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(_daemon.Bsroot.Inventory, "*.json"));
    }

    [Fact]
    public async Task Nobody_reports_for_another_machine()
    {
        using var response = await PostAsync(_stranger, "state=running");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(_daemon.Bsroot.Inventory, "*.json"));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"state":"running"}""", HttpStatusCode.OK)]
    public async Task A_report_may_be_JSON(string json, HttpStatusCode expected)
    {
        using var response = await _node1.PostAsync(
            $"/api/v1/report/{Mac1}", new StringContent(json, null, "application/json"), Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_disk_with_foreign_data_is_refused_with_the_reason()
    {
        using var response = await PostAsync(_node1, "state=installing&disk=d1&disk_holds_data=yes");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("wipe: true", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains(
            "\"state\": \"failed\"",
            await File.ReadAllTextAsync(Path.Combine(_daemon.Bsroot.Inventory, "52-54-00-00-00-01.json"), Cancellation),
            StringComparison.Ordinal);
    }

    private static async Task ReportAsync(HttpClient client, string form)
    {
        using var response = await PostAsync(client, form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string form) =>
        client.PostAsync(
            $"/api/v1/report/{Mac1}", new StringContent(form, null, "application/x-www-form-urlencoded"), Cancellation);
}
