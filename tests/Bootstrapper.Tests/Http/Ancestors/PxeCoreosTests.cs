using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Ancestors;

/// <summary>What pxe_coreos' machines ask, with its file and its templates.</summary>
[Trait("Category", "Slow")]
public sealed class PxeCoreosTests : IAsyncLifetime
{
    private const string Description = """
        bootstrapper: 127.0.0.1
        subnet: 127.0.0.0/8
        iplow: 127.0.100.1
        iphigh: 127.0.100.200
        domainname: lab.test
        """;

    private const string Hosts = """
        {
          "common": { "$dns": "127.0.0.53", "$rack": "common" },
          "hosts": {
            "127.0.0.12": { "macaddr": "52:54:00:00:01:01", "$hostname": "one", "channel": "stable", "$rack": "a4" },
            "127.0.0.13": { "macaddr": "52:54:00:00:01:02", "$hostname": "two", "channel": "beta", "template": "other" }
          }
        }
        """;

    private const string Template = """
        #cloud-config
        hostname: $hostname
        write_files:
          - path: /etc/facts
            content: $private_ipv4 $dns $rack $HOME $rackety
        """;

    private TestDaemon _daemon = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var read = ClusterDescriptionReader.Read(Description, pxeHosts: Hosts);
        Assert.Empty(read.Problems);
        _daemon = await TestDaemon.StartAsync(read.Cluster!, bsroot =>
        {
            Bsroot.Write(bsroot.At("default.yaml"), Template);
            Bsroot.Write(bsroot.At("other.yaml"), "#cloud-config\nhostname: $hostname\n");
        });
    }

    public async ValueTask DisposeAsync() => await _daemon.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/any/path")]
    [InlineData("/?override_ipv4=127.0.0.12")]
    [InlineData("/cloud-config/52:54:00:00:01:01")]
    public async Task A_host_gets_its_template_with_its_variables_at_any_path(string url)
    {
        using var host = _daemon.From("127.0.0.12");
        var config = await host.GetStringAsync(url, Cancellation);
        Assert.StartsWith("#cloud-config\n", config, StringComparison.Ordinal);
        Assert.Contains("hostname: \"one\"", config, StringComparison.Ordinal);
        Assert.Contains("127.0.0.12 127.0.0.53 a4 $HOME $rackety", config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_is_plain_text_and_a_host_may_have_a_template_of_its_own()
    {
        using var host = _daemon.From("127.0.0.13");
        using var answer = await host.GetAsync("/", Cancellation);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("hostname: \"two\"", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "#cloud-config\n\n#Please add 127.0.9.9 to the file [pxe_hosts.json].")]
    [InlineData("/?override_ipv4=127.0.0.99", "#cloud-config\n\n#Please add 127.0.0.99 to the file [pxe_hosts.json].")]
    public async Task A_stranger_is_told_to_be_added(string url, string expected)
    {
        using var stranger = _daemon.From("127.0.9.9");
        using var answer = await stranger.GetAsync(url, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Another_hosts_config_is_refused()
    {
        using var host = _daemon.From("127.0.0.13");
        using var answer = await host.GetAsync("/?override_ipv4=127.0.0.12", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Who_sits_at_the_server_sees_another_hosts_config()
    {
        using var here = _daemon.From("127.0.0.1");
        Assert.Contains(
            "hostname: \"one\"", await here.GetStringAsync("/?override_ipv4=127.0.0.12", Cancellation), StringComparison.Ordinal);
    }

    /// <summary>Over HTTPS / is the dashboard. Nobody guesses tokens faster here than at the API.</summary>
    [Theory]
    [InlineData("olga.operator", true)]
    [InlineData("vera.viewer", false)]
    [InlineData("nobody.knows", false)]
    public async Task An_operator_with_a_token_sees_another_hosts_config_and_a_viewer_does_not(string who, bool isShown)
    {
        Bsroot.Write(Path.Combine(_daemon.Bsroot.Operators, who), "a-token-that-is-long-enough\n", Bsroot.SecretFile);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = _daemon.Tls(),
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.9.9"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, _daemon.HttpsPort, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-that-is-long-enough");
        using var answer = await client.GetAsync(
            new Uri($"https://127.0.0.1:{_daemon.HttpsPort}/host?override_ipv4=127.0.0.12"), Cancellation);
        Assert.Equal(isShown, (await answer.Content.ReadAsStringAsync(Cancellation)).Contains(
            "hostname: \"one\"", StringComparison.Ordinal));
        Assert.Equal(isShown ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(who == "nobody.knows" ? 1 : 0, _daemon.Part<WrongTokens>().Total);
    }

    [Fact]
    public async Task A_host_boots_the_release_of_its_channel_every_time_and_no_disk_is_touched()
    {
        using var host = _daemon.From("127.0.0.13");
        var script = await host.GetStringAsync("/ipxe?mac=52-54-00-00-01-02", Cancellation);
        Assert.Contains("/beta/current/flatcar_production_pxe.vmlinuz", script, StringComparison.Ordinal);
        Assert.Contains(
            $"cloud-config-url=http://127.0.0.1:{_daemon.Port}/cloud-config/52:54:00:00:01:02", script, StringComparison.Ordinal);
        using var refused = await host.GetAsync("/install.sh", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("\"127.0.0.12\": { \"channel\": \"stable\" }", "pxe_hosts.json:3:15: error: hosts.127.0.0.12.mac: is required")]
    [InlineData("\"127.0.0.12\": { \"macaddr\": \"zz\" }", "pxe_hosts.json:3:28: error: hosts.127.0.0.12.macaddr: ")]
    [InlineData(
        "\"127.0.100.9\": { \"macaddr\": \"52:54:00:00:01:01\" }",
        "pxe_hosts.json:3:1: error: hosts.127.0.100.9: 127.0.100.9 is inside the DHCP range")]
    [InlineData("\"127.0.0.12\": { \"macaddr\": \"52:54:00:00:01:01\", \"chanel\": \"x\" }", "pxe_hosts.json:3:49: warning: ")]
    public void A_mistake_is_told_with_the_file_and_its_place(string host, string expected)
    {
        var problems = ClusterDescriptionReader.Read(Description, pxeHosts: $"{{\n\"hosts\": {{\n{host}\n}} }}").Problems;
        Assert.Contains(problems, problem => problem.Format("cluster-desc.yml").StartsWith(expected, StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.Equal("pxe_hosts.json", problem.File));
    }

    [Fact]
    public void What_is_not_JSON_is_told_and_not_used()
    {
        var read = ClusterDescriptionReader.Read(Description, pxeHosts: "{ \"hosts\": {");
        Assert.Null(read.Cluster);
        Assert.Contains(
            read.Problems,
            problem => problem.Format("cluster-desc.yml").StartsWith("pxe_hosts.json:", StringComparison.Ordinal));
    }
}
