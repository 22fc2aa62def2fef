using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Ancestors;

/// <summary>What mayu's machines ask while they boot.</summary>
[Trait("Category", "Slow")]
public sealed class MayuBootTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var node = Sample.Node() with { Serial = SerialNumber.Parse("ABC123", null), Channel = "beta" };
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(node), bsroot =>
        {
            Bsroot.Write(Path.Combine(bsroot.Www, "stable/current/flatcar_production_pxe.vmlinuz"), "kernel");
            Bsroot.Write(Path.Combine(bsroot.Www, "stable/current/flatcar_production_pxe_image.cpio.gz"), "initrd");
            Bsroot.Write(Path.Combine(bsroot.Www, "beta/current/flatcar_production_image.bin.bz2"), "beta image");
            Bsroot.Write(Path.Combine(bsroot.Www, "fileserver/tool"), "a tool");
            Bsroot.Write(Path.Combine(bsroot.Www, "yochu/latest/yochu"), "yochu");
        });
        _node = _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _daemon.DisposeAsync();
    }

    /// <summary>A node that is known by its address boots what it boots everywhere.</summary>
    [Fact]
    public async Task The_boot_script_is_mayus_for_whoever_its_address_does_not_tell()
    {
        using var stranger = _daemon.From(MatchboxFixture.Stranger);
        var url = $"http://127.0.0.1:{_daemon.Port}";
        Assert.Equal(
            "#!ipxe\ndhcp\n"
            + $"kernel {url}/images/vmlinuz flatcar.first_boot=1 initrd=initrd.cpio.gz "
            + $"flatcar.config.url={url}/ignition?uuid=${{uuid}}&serial=${{serial}} systemd.journald.max_level_console=debug "
            + $"verbose log_buf_len=10M\n"
            + $"initrd {url}/images/initrd.cpio.gz\nboot\n",
            await stranger.GetStringAsync("/ipxebootscript", Cancellation));
    }

    [Theory]
    [InlineData("/images/vmlinuz", "kernel")]
    [InlineData("/images/initrd.cpio.gz", "initrd")]
    [InlineData("/images/ABC123/install_image.bin.bz2", "beta image")]
    [InlineData("/fileserver/tool", "a tool")]
    [InlineData("/yochu/latest/yochu", "yochu")]
    public async Task The_releases_files_have_mayus_names(string url, string expected) =>
        Assert.Equal(expected, await _node.GetStringAsync(url, Cancellation));

    [Fact]
    public async Task A_machine_is_known_by_its_serial_number()
    {
        Assert.Contains(
            "\"ignition\"", await _node.GetStringAsync("/ignition?uuid=&serial=ABC123", Cancellation), StringComparison.Ordinal);
        using var stranger = _daemon.From(MatchboxFixture.Stranger);
        using var refused = await stranger.GetAsync("/ignition?uuid=&serial=ABC123", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_script_of_the_first_stage_is_for_the_machine_with_that_serial_number()
    {
        Assert.Contains(
            "mac='52:54:00:00:00:01'",
            await _node.GetStringAsync("/first-stage-script/ABC123", Cancellation),
            StringComparison.Ordinal);
        using var unknown = await _node.GetAsync("/first-stage-script/XYZ", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData(
        "/final-cloud-config.yaml",
        """
        {"Serial":"ABC123","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:77"}],
         "IPMIAddress":"10.0.0.9","ConnectedNIC":"eth0"}
        """,
        "#cloud-config\n")]
    [InlineData(
        "/final-cloud-config.yaml",
        """
        {"Serial":"","ConnectedNIC":"eth1",
         "NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:77"},{"Name":"eth1","MacAddress":"52:54:00:00:00:01"}]}
        """,
        "#cloud-config\n")]
    [InlineData("/final-ignition-config.json", """{"Serial":"ABC123"}""", "{\n  \"ignition\"")]
    public async Task A_machine_that_tells_what_it_is_gets_its_final_config(string url, string told, string start)
    {
        using var given = await PostAsync(_node, url, told);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.StartsWith(start, await given.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        using var stranger = _daemon.From(MatchboxFixture.Stranger);
        using var refused = await PostAsync(stranger, url, told);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[", HttpStatusCode.BadRequest)]
    [InlineData("""{"Serial":7}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"NetDevs":[null]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"Serial":"XYZ"}""", HttpStatusCode.NotFound)]
    public async Task What_tells_no_machine_gets_none(string told, HttpStatusCode expected)
    {
        using var answer = await PostAsync(_node, "/final-cloud-config.yaml", told);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string url, string told) =>
        client.PostAsync(url, new StringContent(told), Cancellation);

    [Theory]
    [InlineData("/ignition?uuid=&serial=", HttpStatusCode.BadRequest, "no serial ? :/")]
    [InlineData("/images/install_image.bin.bz2", HttpStatusCode.NotFound, "# this file of the release is missing\n")]
    [InlineData("/images/other", HttpStatusCode.NotFound, "# not found: there is nothing at this path\n")]
    [InlineData("/images/XYZ/..%2fvmlinuz", HttpStatusCode.NotFound, "# not found: there is nothing at this path\n")]
    public async Task What_cannot_be_answered_is_told(string url, HttpStatusCode status, string expected)
    {
        using var answer = await _node.GetAsync(url, Cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
