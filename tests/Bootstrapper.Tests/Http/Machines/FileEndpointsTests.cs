using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>Without TLS, where files are not copied.</summary>
public sealed class FileEndpointsTests() : FilesServed(overTls: false);

public sealed class FileEndpointsOverTlsTests() : FilesServed(overTls: true);

public abstract class FilesServed(bool overTls) : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        {
            Bsroot.Write(Path.Combine(bsroot.Www, "stable/1.0/image.bin.bz2"), "0123456789");
            File.CreateSymbolicLink(Path.Combine(bsroot.Www, "stable/current"), "1.0");
            Bsroot.Write(bsroot.At("secret"), "secret");
            File.CreateSymbolicLink(Path.Combine(bsroot.Www, "outside"), bsroot.At("secret"));
            File.CreateSymbolicLink(Path.Combine(bsroot.Www, "up"), "..");
            Bsroot.Write(Path.Combine(bsroot.SigningKeys, "key.asc"), "key");
            using var made = Process.Start("mkfifo", [Path.Combine(bsroot.Www, "pipe")]);
            made.WaitForExit();
            File.CreateSymbolicLink(Path.Combine(bsroot.Www, "to-pipe"), "pipe");
            Bsroot.Write(Path.Combine(bsroot.Www, "stable/.2.0.partial/image.bin.bz2"), "not verified yet");
        });
        _client = overTls ? _daemon.OverTls() : _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _daemon.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("/stable/1.0/image.bin.bz2")]
    [InlineData("/stable/current/image.bin.bz2")]
    public async Task An_image_is_served_by_version_and_by_the_link_to_it(string url) =>
        Assert.Equal("0123456789", await _client.GetStringAsync(url, Cancellation));

    [Fact]
    public async Task A_download_that_was_cut_off_is_resumed()
    {
        using var whole = await _client.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, "/stable/current/image.bin.bz2"), Cancellation);
        Assert.Equal(10, whole.Content.Headers.ContentLength);

        using var rest = new HttpRequestMessage(HttpMethod.Get, "/stable/current/image.bin.bz2");
        rest.Headers.Range = new RangeHeaderValue(4, null);
        rest.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);
        using var response = await _client.SendAsync(rest, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("456789", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_download_of_what_has_changed_meanwhile_begins_again()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stable/current/image.bin.bz2");
        request.Headers.Range = new RangeHeaderValue(4, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"another\""));
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/outside")]
    [InlineData("/stable/.2.0.partial/image.bin.bz2")]
    [InlineData("/stable/%2e2.0.partial/image.bin.bz2")]
    [InlineData("/pipe")]
    [InlineData("/to-pipe")]
    [InlineData("/up/secret")]
    [InlineData("/up/ca.key")]
    [InlineData("/../ca.key")]
    [InlineData("/%2e%2e/ca.key")]
    [InlineData("/stable/..%2f..%2fca.key")]
    [InlineData("/ca.key")]
    [InlineData("/stable/")]
    [InlineData("/signing-keys/../ca.key")]
    public async Task Nothing_outside_is_ever_served(string url)
    {
        using var response = await _client.GetAsync(new Uri(_client.BaseAddress + url[1..]), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Signing_keys_are_public() =>
        Assert.Equal("key", await _client.GetStringAsync("/signing-keys/key.asc", Cancellation));
}
