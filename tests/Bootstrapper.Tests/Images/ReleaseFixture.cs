using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>A data root, and a mirror with small releases that the test makes and signs.</summary>
internal sealed class ReleaseFixture : IAsyncDisposable
{
    public const string Kernel = "flatcar_production_pxe.vmlinuz";
    public const string Initrd = "flatcar_production_pxe_image.cpio.gz";
    public const string Image = "flatcar_production_image.bin.bz2";

    private static readonly Backoff NoWait = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));

    private readonly TemporaryDirectory _directory = new();
    private readonly SigningKey _vendor;
    private readonly HttpClient _http = new();

    private ReleaseFixture(SigningKey vendor, ReleaseMirror mirror) => (_vendor, Mirror) = (vendor, mirror);

    public static string[] Names { get; } = ["version.txt", Kernel, Initrd, Image];

    public ReleaseMirror Mirror { get; }

    public Bsroot Bsroot => new(_directory.Path);

    public ReleaseFetcher Fetcher => new(Bsroot, new Downloader(_http, TimeProvider.System, NoWait));

    public static async Task<ReleaseFixture> StartAsync(SigningKey vendor)
    {
        var fixture = new ReleaseFixture(vendor, await ReleaseMirror.StartAsync());
        Bsroot.Write(Path.Combine(fixture.Bsroot.SigningKeys, "vendor.asc"), vendor.Public);
        return fixture;
    }

    public static string PathOf(string version, string name, string channel = "stable") =>
        $"{channel}/amd64-usr/{version}/{name}";

    /// <summary>Content that names what it is of, so that a mixture shows.</summary>
    public static byte[] Content(string version, string name, int length = 2000) => name == "version.txt"
        ? Encoding.UTF8.GetBytes($"FLATCAR_BUILD=1\nFLATCAR_VERSION={version}\nFLATCAR_BUILD_ID=\"x\"\n")
        : Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{name} of {version}\n", (length / 10) + 1))[..length]);

    /// <summary>Puts a release on the mirror, signed, and makes it the newest of its channel.</summary>
    public void Release(string version, string channel = "stable", int length = 2000)
    {
        foreach (var name in Names)
        {
            Put(PathOf(version, name, channel), Content(version, name, length));
        }

        Mirror.Files[PathOf("current", "version.txt", channel)] = Content(version, "version.txt");
    }

    /// <summary>A file with its signature and its signed digests.</summary>
    public void Put(string path, byte[] content, SigningKey? by = null)
    {
        Mirror.Files[path] = content;
        Mirror.Files[path + ".sig"] = (by ?? _vendor).Sign(content);
        Mirror.Files[path + ".DIGESTS.asc"] = (by ?? _vendor).ClearSign(
            $"# SHA512 HASH\n{Convert.ToHexStringLower(SHA512.HashData(content))}  {path.Split('/')[^1]}\n");
    }

    public Task<FetchResult> FetchAsync(
        string version = ReleaseVersion.Current, string channel = "stable", params Uri[] mirrors) =>
        Fetcher.FetchAsync(Order(version, channel, mirrors), Unwatched.Instance, TestContext.Current.CancellationToken);

    public ReleaseOrder Order(string version = ReleaseVersion.Current, string channel = "stable", params Uri[] mirrors) =>
        new(Track.Of(ReleaseFamily.Flatcar, channel), version, mirrors is [] ? [Mirror.Url] : mirrors, Transcoding.None);

    /// <returns>Why the fetch was refused.</returns>
    public async Task<string> RefusalAsync(params Uri[] mirrors) =>
        (await Assert.ThrowsAnyAsync<Bootstrapper.Images.ReleaseException>(() => FetchAsync(mirrors: mirrors))).Message;

    public string? InForce(string channel = "stable") => ChannelDirectory.Of(Bsroot, channel).Current;

    /// <summary>A file as machines find it.</summary>
    public byte[] Served(string name, string version = "current", string channel = "stable") =>
        File.ReadAllBytes(Path.Combine(Bsroot.Www, channel, version, name));

    /// <summary>What machines can see of a channel.</summary>
    public string[] Visible(string channel = "stable") =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine(Bsroot.Www, channel)).Select(path => Path.GetFileName(path)!)
            .Where(name => name[0] != '.').Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Mirror.DisposeAsync();
        _directory.Dispose();
    }
}
