using System.Net;
using System.Text.Json;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>What machines fetch before they report anything, so that one program serves all of these tests.</summary>
public sealed class BootAnswersTests(BootAnswersTests.Served served) : IClassFixture<BootAnswersTests.Served>
{
    private const string Mac1 = "52:54:00:00:00:01";
    private readonly TestDaemon _daemon = served.Daemon;
    private readonly HttpClient _node1 = served.Node1;
    private readonly HttpClient _stranger = served.Stranger;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/install.sh?mac=52-54-00-00-00-01")]
    [InlineData("/install.sh?uuid=11111111-2222-3333-4444-555555555555")]
    [InlineData("/install.sh")]
    public async Task A_machine_gets_its_install_script_by_whatever_it_knows_of_itself(string url)
    {
        var script = await _node1.GetStringAsync(url, Cancellation);
        Assert.StartsWith("#!/bin/sh\n", script, StringComparison.Ordinal);
        Assert.Contains($"mac='{Mac1}'", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"/cloud-config/{Mac1}")]
    [InlineData("/cloud-config/52-54-00-00-00-01")]
    [InlineData($"/cloud-configs/{Mac1}.yaml")]
    [InlineData("/cloud-config")]
    [InlineData($"/cloud?uuid=&mac={Mac1}")]
    public async Task A_machine_gets_its_cloud_config_at_every_address_of_the_ancestors(string url)
    {
        var config = await _node1.GetStringAsync(url, Cancellation);
        Assert.StartsWith("#cloud-config\n", config, StringComparison.Ordinal);
        Assert.Contains("hostname: \"n1\"", config, StringComparison.Ordinal);
        Assert.Contains("BEGIN PRIVATE KEY", config, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"/ignition/{Mac1}")]
    [InlineData("/ignition/52-54-00-00-00-01")]
    [InlineData($"/ignition?uuid=&mac={Mac1}&serial=")]
    [InlineData("/ignition?uuid=11111111-2222-3333-4444-555555555555&serial=none")]
    [InlineData("/ignition")]
    public async Task A_machine_gets_its_Ignition_config_by_whatever_it_knows_of_itself(string url)
    {
        using var response = await _node1.GetAsync(url, Cancellation);
        using var config = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("3.3.0", config.RootElement.GetProperty("ignition").GetProperty("version").GetString());
        Assert.Contains(
            config.RootElement.GetProperty("storage").GetProperty("files").EnumerateArray(),
            file => file.GetProperty("path").GetString() == "/etc/kubernetes/pki/node.key");
    }

    [Fact]
    public async Task The_same_node_gets_the_same_bytes_every_time() =>
        Assert.Equal(
            await _node1.GetStringAsync("/cloud-config", Cancellation),
            await _node1.GetStringAsync("/cloud-config", Cancellation));

    [Theory]
    [InlineData("/cloud-config/not-a-mac", HttpStatusCode.BadRequest)]
    [InlineData("/cloud-configs/52:54:00.yaml", HttpStatusCode.BadRequest)]
    [InlineData("/install.sh?mac=zz", HttpStatusCode.BadRequest)]
    [InlineData("/cloud-config?override_ipv4=here", HttpStatusCode.BadRequest)]
    [InlineData("/ignition/not-a-mac", HttpStatusCode.BadRequest)]
    [InlineData("/ignition?mac=52:54:00:ff:ff:ff", HttpStatusCode.NotFound)]
    [InlineData("/cloud-config/52:54:00:ff:ff:ff", HttpStatusCode.NotFound)]
    [InlineData("/tls/52:54:00:ff:ff:ff/node-key.pem", HttpStatusCode.NotFound)]
    [InlineData("/install.sh?mac=52:54:00:ff:ff:ff", HttpStatusCode.NotFound)]
    [InlineData("/install.sh?serial=none", HttpStatusCode.NotFound)]
    [InlineData("/cloud-config", HttpStatusCode.NotFound)]
    [InlineData("/nothing/here", HttpStatusCode.NotFound)]
    [InlineData("/ipxe?mac=52-54-00-ff-ff-ff", HttpStatusCode.NotFound)]
    [InlineData("/ipxe?mac=zz", HttpStatusCode.BadRequest)]
    [InlineData("/grub?mac=52-54-00-ff-ff-ff", HttpStatusCode.NotFound)]
    public async Task A_question_without_an_answer_is_told_so_in_one_comment_line(string url, HttpStatusCode expected)
    {
        using var response = await _stranger.GetAsync(url, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(expected, response.StatusCode);
        Assert.Matches(@"\A# [^\n]+\n\z", body);
    }

    [Theory]
    [InlineData($"/cloud-config/{Mac1}")]
    [InlineData($"/ignition/{Mac1}")]
    [InlineData("/ignition?override_ipv4=127.0.0.2")]
    [InlineData($"/tls/{Mac1}/node.pem")]
    [InlineData($"/tls/{Mac1}/node-key.pem")]
    [InlineData("/cloud-config?override_ipv4=127.0.0.2")]
    public async Task A_nodes_secrets_are_refused_to_any_other_address_and_that_is_on_record(string url)
    {
        using var response = await _stranger.GetAsync(url, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("PRIVATE KEY", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains(_daemon.Log.Lines, line => line.StartsWith("Warning: Denied", StringComparison.Ordinal)
            && line.Contains("127.0.9.9", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/boot.ipxe")]
    [InlineData("/boot.ipxe.0")]
    public async Task IPXE_is_first_told_to_say_what_it_knows_of_its_machine(string url) => Assert.Equal(
        "#!ipxe\n"
            + "chain "
            + "ipxe?uuid=${uuid}&mac=${mac:hexhyp}&domain=${domain:uristring}&hostname=${hostname:uristring}"
            + "&serial=${serial:uristring}&arch=${buildarch:uristring}\n",
        await _stranger.GetStringAsync(url, Cancellation));

    [Fact]
    public async Task IPXE_of_our_own_DHCP_is_told_to_come_back_when_it_was_not_given_all()
    {
        const string Chain =
            "chain ipxe?retry=yes&uuid=${uuid}&mac=${mac:hexhyp}&domain=${domain:uristring}"
            + "&hostname=${hostname:uristring}&serial=${serial:uristring}&arch=${buildarch:uristring}";
        Assert.Equal($"#!ipxe\n{Chain}\n", await _stranger.GetStringAsync("/start.ipxe", Cancellation));

        var plain = await _stranger.GetStringAsync("/ipxe?mac=52-54-00-00-00-01", Cancellation);
        var retrying = await _stranger.GetStringAsync("/ipxe?retry=yes&mac=52-54-00-00-00-01", Cancellation);
        Assert.StartsWith(plain.Replace("\n", " || goto failed\n", StringComparison.Ordinal).Replace(
            "#!ipxe || goto failed", "#!ipxe", StringComparison.Ordinal), retrying, StringComparison.Ordinal);
        Assert.EndsWith("\n:lost\nimgfree\necho The bootstrapper did not give all that this machine boots. In 10 seconds it "
            + "is asked again.\nsleep 10\nchain --replace start.ipxe || goto lost\n", retrying, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//boot.ipxe")]
    [InlineData("//ipxe?mac=52-54-00-00-00-01")]
    [InlineData("///install.sh?mac=52-54-00-00-00-01")]
    [InlineData("/ignition//52-54-00-00-00-01")]
    [InlineData("//cloud-config///52-54-00-00-00-01")]
    [InlineData("/pixiecore//v1/boot/52-54-00-00-00-01")]
    [InlineData("//healthz")]
    public async Task Slashes_in_a_row_are_one(string url)
    {
        using var answer = await _node1.GetAsync(
            $"{_node1.BaseAddress!.GetLeftPart(UriPartial.Authority)}{url}", Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>InfiniBand cards have eight octets, and firmware shows them where others show a MAC address.</summary>
    [Theory]
    [InlineData("/ipxe?uuid=11111111-2222-3333-4444-555555555555&mac=00-11-22-33-44-55-66-77", HttpStatusCode.OK)]
    [InlineData("/install.sh?uuid=11111111-2222-3333-4444-555555555555&mac=00:11:22:33:44:55:66:77", HttpStatusCode.OK)]
    [InlineData("/ipxe?hostname=n1&mac=00-11-22-33-44-55-66-77", HttpStatusCode.OK)]
    [InlineData("/ipxe?uuid=11111111-2222-3333-4444-666666666666&mac=00-11-22-33-44-55-66-77", HttpStatusCode.NotFound)]
    [InlineData("/ipxe?mac=00-11-22-33-44-55-66-77", HttpStatusCode.NotFound)]
    [InlineData("/ipxe?uuid=11111111-2222-3333-4444-555555555555&mac=00-11-22", HttpStatusCode.BadRequest)]
    [InlineData("/ignition/00-11-22-33-44-55-66-77", HttpStatusCode.BadRequest)]
    public async Task A_hardware_address_that_is_not_Ethernets_does_not_hide_what_else_a_machine_says(
        string url, HttpStatusCode expected)
    {
        using var answer = await _stranger.GetAsync(url, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_live_system_is_told_the_card_that_it_was_booted_from()
    {
        var script = await _stranger.GetStringAsync(
            "/ipxe?uuid=11111111-2222-3333-4444-555555555555&mac=52-54-00-00-0a-01", Cancellation);
        Assert.Contains(" BOOTIF=01-52-54-00-00-0a-01", script, StringComparison.Ordinal);
        Assert.Contains("install.sh?mac=52:54:00:00:00:01", script, StringComparison.Ordinal);
        Assert.Contains(
            " BOOTIF=01-52-54-00-00-00-01",
            await _stranger.GetStringAsync("/ipxe?uuid=11111111-2222-3333-4444-555555555555", Cancellation),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ca.crt")]
    [InlineData("/ca.pem")]
    public async Task Anyone_may_have_the_root_certificate(string url) =>
        Assert.StartsWith(
            "-----BEGIN CERTIFICATE-----", await _stranger.GetStringAsync(url, Cancellation), StringComparison.Ordinal);

    /// <summary>Two nodes: the first has the address 127.0.0.2.</summary>
    public sealed class Served : IAsyncLifetime
    {
        internal TestDaemon Daemon { get; private set; } = null!;

        internal HttpClient Node1 { get; private set; } = null!;

        internal HttpClient Stranger { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Daemon = await TestDaemon.StartAsync(Sample.Cluster(
                Sample.Node(1) with { Uuid = Guid.Parse("11111111-2222-3333-4444-555555555555") }, Sample.Node(2)));
            Node1 = Daemon.From("127.0.0.2");
            Stranger = Daemon.From("127.0.9.9");
        }

        public async ValueTask DisposeAsync()
        {
            Node1.Dispose();
            Stranger.Dispose();
            await Daemon.DisposeAsync();
        }
    }
}
