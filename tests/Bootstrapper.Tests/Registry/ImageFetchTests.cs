using System.Collections.Concurrent;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Registry;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>A real registry plays the ones upstream.</summary>
[Trait("Category", "Slow")]
public sealed class ImageFetchTests : RegistryFixture
{
    private readonly ConcurrentQueue<FetchedImage> _said = new();

    [RegistryFact]
    public async Task What_was_fetched_is_loaded_into_the_registry_with_the_digest_it_has_upstream()
    {
        var oci = await UpstreamAsync("a:1", "one");
        var docker = await UpstreamAsync("b:1", "two", OciImage.DockerManifest);

        Assert.True(await FetchAsync("a:1", "b:1"));
        var loaded = await new Preload(Bsroot, Cluster, Client, Password, new PreloadStatus(), Loggers.CreateLogger("preload"))
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.True(loaded);
        var mirror = RegistryMirror.PathOf(Server);
        Assert.Equal(oci, (await FindAsync($"{mirror}/a:1"))?.Digest);
        Assert.Equal(docker, (await FindAsync($"{mirror}/b:1"))?.Digest);
    }

    [RegistryFact]
    public async Task What_is_there_is_not_fetched_again_and_a_tag_that_moved_only_when_asked()
    {
        var first = await UpstreamAsync("a:1", "one");
        await FetchAsync("a:1");
        var second = await UpstreamAsync("a:1", "two");

        await FetchAsync("a:1");
        Assert.Equal((first, false), (_said.Last().Digest, _said.Last().IsNew));
        await FetchAsync(update: true, "a:1");
        Assert.Equal((second, true), (_said.Last().Digest, _said.Last().IsNew));
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(Bsroot.FetchedImages, "blobs", "sha256")).Count());
    }

    [RegistryFact]
    public async Task The_lock_file_alone_brings_the_same_image_elsewhere()
    {
        var first = await UpstreamAsync("a:1", "one");
        await FetchAsync("a:1");
        await UpstreamAsync("a:1", "two");
        Directory.Delete(Bsroot.FetchedImages, recursive: true);

        Assert.True(await FetchAsync("a:1"));
        Assert.Equal((first, true), (_said.Last().Digest, _said.Last().IsNew));
    }

    [RegistryFact]
    public async Task A_blob_that_is_gone_is_fetched_again()
    {
        await UpstreamAsync("a:1", "one");
        await FetchAsync("a:1");
        File.Delete(Directory.EnumerateFiles(Path.Combine(Bsroot.FetchedImages, "blobs", "sha256")).First());

        Assert.True(await FetchAsync("a:1"));
        Assert.True(_said.Last().IsNew);
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(Bsroot.FetchedImages, "blobs", "sha256")).Count());
    }

    [RegistryFact]
    public async Task One_that_fails_is_named_and_the_others_arrive()
    {
        await UpstreamAsync("a:1", "one");
        await UpstreamAsync("b:1", "two");

        Assert.False(await FetchAsync("a:1", "missing:1", "b:1"));
        var failed = Assert.Single(_said, image => image.Problem is not null);
        Assert.Equal(
            ("missing", true), (failed.Image.Repository, failed.Problem!.Contains("manifest unknown", StringComparison.Ordinal)));
        Assert.Equal(2, _said.Count(image => image.IsNew));
    }

    [RegistryFact]
    public async Task Of_several_architectures_the_asked_one_is_fetched_and_by_digest_all()
    {
        var directory = Path.Combine(Elsewhere, "two");
        var list = OciImage.WriteLayoutOfTwo(directory, "image:1", [1], [2]);
        await SkopeoAsync("copy", "--all", "--dest-cert-dir", Certificates, $"oci:{directory}", $"docker://{Server}/two:1");

        Assert.True(await FetchAsync("two:1", $"two@{list}"));
        Assert.NotEqual(list, Assert.Single(_said, image => image.Image.Digest is null).Digest);
        Assert.Equal(list, Assert.Single(_said, image => image.Image.Digest is not null).Digest);
        Assert.Equal(7, Directory.EnumerateFiles(Path.Combine(Bsroot.FetchedImages, "blobs", "sha256")).Count());
    }

    [RegistryFact]
    public async Task The_command_fetches_every_image_that_the_description_names()
    {
        string[] parts =
        [
            "coredns", "etcd", "flannel", "flannel-cni-plugin", "kube-apiserver", "kube-controller-manager", "kube-proxy",
            "kube-scheduler", "pause",
        ];
        foreach (var part in parts)
        {
            await UpstreamAsync($"{part}:1", part);
        }

        await File.WriteAllTextAsync(Bsroot.Description, $"""
            bootstrapper: 10.10.10.1
            subnet: 10.10.10.0/24
            iplow: 10.10.10.100
            iphigh: 10.10.10.199
            nodes: [{"{"}mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y{"}"}]
            images: {"{"}{string.Join(", ", parts.Select(part => $"{part}: '{Server}/{part}:1'"))}{"}"}
            """, TestContext.Current.CancellationToken);
        var output = new StringWriter();

        var exitCode = await CommandLine.Create()
            .Parse(["fetch", "images", "--bsroot", Bsroot.At(""), "--cert-dir", Certificates])
                .InvokeAsync(new() { Output = output, Error = output }, TestContext.Current.CancellationToken);

        Assert.True(exitCode == ExitCode.Success, output.ToString());
        Assert.All(
            parts,
            part => Assert.Contains($"fetched  {Server}/{part}:1 sha256:", output.ToString(), StringComparison.Ordinal));
    }

    private Task<bool> FetchAsync(params string[] images) => FetchAsync(update: false, images);

    private Task<bool> FetchAsync(bool update, params string[] images) =>
        new ImageFetch(Bsroot, new FetchOptions("amd64", update, Certificates), _said.Enqueue)
            .RunAsync(
                [.. images.Select(image => ImageReference.Parse($"{Server}/{image}"))], TestContext.Current.CancellationToken);

    /// <returns>The manifest's digest.</returns>
    private async Task<string> UpstreamAsync(string name, string content, string mediaType = OciImage.OciManifest)
    {
        var directory = Path.Combine(Elsewhere, Path.GetRandomFileName());
        var digest = OciImage.WriteLayout(directory, name: null, System.Text.Encoding.UTF8.GetBytes(content), mediaType);
        await SkopeoAsync(
            "copy", "--preserve-digests", "--dest-cert-dir", Certificates, $"oci:{directory}", $"docker://{Server}/{name}");
        return digest;
    }
}
