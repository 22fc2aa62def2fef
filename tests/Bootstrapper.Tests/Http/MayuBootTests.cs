using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

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
        });
        _node = _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task The_boot_script_is_mayus()
    {
        var url = $"http://127.0.0.1:{_daemon.Port}";
        Assert.Equal(
            "#!ipxe\ndhcp\n"
            + $"kernel {url}/images/vmlinuz flatcar.first_boot=1 initrd=initrd.cpio.gz flatcar.config.url={url}/ignition?uuid=${{uuid}}&serial=${{serial}} systemd.journald.max_level_console=debug verbose log_buf_len=10M\n"
            + $"initrd {url}/images/initrd.cpio.gz\nboot\n",
            await _node.GetStringAsync("/ipxebootscript", Cancellation));
    }

    [Theory]
    [InlineData("/images/vmlinuz", "kernel")]
    [InlineData("/images/initrd.cpio.gz", "initrd")]
    [InlineData("/images/ABC123/install_image.bin.bz2", "beta image")]
    public async Task The_releases_files_have_mayus_names(string url, string expected) =>
        Assert.Equal(expected, await _node.GetStringAsync(url, Cancellation));

    [Fact]
    public async Task A_machine_is_known_by_its_serial_number()
    {
        Assert.Contains("\"ignition\"", await _node.GetStringAsync("/ignition?uuid=&serial=ABC123", Cancellation), StringComparison.Ordinal);
        using var stranger = _daemon.From(MatchboxFixture.Stranger);
        using var refused = await stranger.GetAsync("/ignition?uuid=&serial=ABC123", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("/ignition?uuid=&serial=", HttpStatusCode.BadRequest, "no serial ? :/")]
    [InlineData("/images/install_image.bin.bz2", HttpStatusCode.NotFound, "# there is no such file of the release here\n")]
    [InlineData("/images/other", HttpStatusCode.NotFound, "# there is nothing at this path\n")]
    [InlineData("/images/XYZ/..%2fvmlinuz", HttpStatusCode.NotFound, "# there is nothing at this path\n")]
    public async Task What_cannot_be_answered_is_told(string url, HttpStatusCode status, string expected)
    {
        using var answer = await _node.GetAsync(url, Cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
