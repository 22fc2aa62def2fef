using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;

namespace Bootstrapper.Tests.Images;

/// <summary>Fedora CoreOS, from a stream description of the form that Fedora publishes.</summary>
public sealed class FedoraSourceTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>, IAsyncLifetime
{
    private static readonly string[] Parts = ["kernel", "initramfs", "rootfs", "disk"];

    private ReleaseFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        foreach (var part in Parts)
        {
            _fixture.Put(PathOf(part), Content(part));
        }

        Describe();
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Files_have_the_names_that_the_stream_gives_them_and_version_txt_says_which_is_which()
    {
        await FetchAsync();
        Assert.Equal("44.20261101.3.0", _fixture.InForce("fcos-stable"));
        Assert.All(Parts, part => Assert.Equal(Content(part), _fixture.Served($"odd-name-of-{part}", channel: "fcos-stable")));
        Assert.Equal(
            "FCOS_VERSION=44.20261101.3.0\nFCOS_KERNEL=odd-name-of-kernel\nFCOS_INITRAMFS=odd-name-of-initramfs\n"
                + "FCOS_ROOTFS=odd-name-of-rootfs\nFCOS_IMAGE=odd-name-of-disk\n",
            Encoding.UTF8.GetString(_fixture.Served("version.txt", channel: "fcos-stable")));
    }

    [Fact]
    public async Task A_digest_that_does_not_match_is_refused()
    {
        Describe(rootfs: new string('0', 64));
        Assert.Contains("odd-name-of-rootfs is refused: its SHA-256 is", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_that_came_in_the_clear_proves_nothing_by_itself()
    {
        _fixture.Mirror.Files[PathOf("rootfs") + ".sig"] = keys.Stranger.Sign(Content("rootfs"));
        Assert.Contains("not in signing-keys/", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_than_the_streams_cannot_be_had() =>
        Assert.Contains("offers 44.20261101.3.0 and no other", await RefusalAsync("1.0"), StringComparison.Ordinal);

    [Fact]
    public async Task A_stream_without_such_machines_is_refused()
    {
        _fixture.Mirror.Files["streams/stable.json"] = """{"architectures": {}}"""u8.ToArray();
        Assert.Contains("does not describe a stream for x86_64", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_is_refused()
    {
        var text = Encoding.UTF8.GetString(_fixture.Mirror.Files["streams/stable.json"]);
        _fixture.Mirror.Files["streams/stable.json"] = Encoding.UTF8.GetBytes(text.Replace(
            "odd-name-of-kernel\"", ".hidden\"", StringComparison.Ordinal));
        Assert.Contains("names a file .hidden", await RefusalAsync(), StringComparison.Ordinal);
    }

    private static string PathOf(string part) => $"prod/streams/stable/builds/x/odd-name-of-{part}";

    private static byte[] Content(string part) => Encoding.UTF8.GetBytes($"content of {part}");

    private void Describe(string? rootfs = null) => _fixture.Mirror.Files["streams/stable.json"] = Encoding.UTF8.GetBytes($$"""
        {
          "stream": "stable",
          "architectures": {"x86_64": {"artifacts": {"metal": {
            "release": "44.20261101.3.0",
            "formats": {
              "pxe": {
                "kernel": {{Artifact("kernel")}},
                "initramfs": {{Artifact("initramfs")}},
                "rootfs": {{Artifact("rootfs", rootfs)}}
              },
              "raw.xz": {"disk": {{Artifact("disk")}} }
            }
          } } } }
        }
        """);

    private string Artifact(string part, string? sha256 = null) => $$"""
        {
          "location": "{{_fixture.Mirror.Url}}{{PathOf(part)}}",
          "signature": "{{_fixture.Mirror.Url}}{{PathOf(part)}}.sig",
          "sha256": "{{sha256 ?? Convert.ToHexStringLower(SHA256.HashData(Content(part)))}}"
        }
        """;

    private Task<FetchResult> FetchAsync(string version = ReleaseVersion.Current) => _fixture.Fetcher.FetchAsync(
        new ReleaseOrder(
            new Track(ReleaseFamily.FedoraCoreOS, "stable", Architecture.Amd64),
            version,
            [_fixture.Mirror.Url],
            Transcoding.None),
        Unwatched.Instance,
        TestContext.Current.CancellationToken);

    private async Task<string> RefusalAsync(string version = ReleaseVersion.Current)
    {
        var refusal = (await Assert.ThrowsAnyAsync<Bootstrapper.Images.ReleaseException>(() => FetchAsync(version))).Message;
        Assert.Null(_fixture.InForce("fcos-stable"));
        return refusal;
    }
}
