using System.Formats.Tar;
using System.IO.Compression;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Registry;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>Archives of every kind, made by skopeo, into the real registry.</summary>
[Trait("Category", "Slow")]
public sealed class PreloadTests : RegistryFixture
{
    private readonly PreloadStatus _status = new();

    private int Copied => Loggers.Entries.Count(entry => entry.Message.Contains(" copied from ", StringComparison.Ordinal));

    [RegistryFact]
    public async Task Archives_of_every_kind_arrive_under_the_names_that_nodes_ask_for_and_only_once()
    {
        await ThreeArchivesAsync();

        Assert.Empty(await LoadAsync());
        Assert.Equal(5, Copied);
        await Assert.AllAsync([
            "registry.k8s.io/pause:3.10.1",
            "docker.io/library/hello:1",
            "docker.io/team/hello:latest",
            "quay.io/etcd:v3",
            "plain:2"],
            async image => Assert.True(await HasAsync(image), image));
        Assert.Equal((5, 5, true), (_status.Progress.Total, _status.Progress.Arrived, _status.Progress.IsReady));

        Assert.Empty(await LoadAsync());
        Assert.Equal(5, Copied);
    }

    [RegistryFact]
    public async Task An_image_keeps_its_digest_and_a_name_without_a_registry_is_the_operators_own()
    {
        var digest = OciImage.WriteLayout(InImages("Tools"), "9", [1, 2, 3], OciImage.DockerManifest);
        Assert.Empty(await LoadAsync());
        Assert.Equal(digest, (await FindAsync("tools:9"))?.Digest);
    }

    [RegistryFact]
    public async Task An_image_for_several_platforms_arrives_with_all_of_them()
    {
        var digest = OciImage.WriteLayoutOfTwo(InImages("two"), "ghcr.io/a/b:1", [1], [2]);
        Assert.Empty(await LoadAsync());
        var list = await FindAsync("ghcr.io/a/b:1");
        Assert.Equal((digest, 2), (list?.Digest, list?.Manifests.Count));
    }

    /// <summary>As docker save and ctr image export write it, for the platform that they run on.</summary>
    [RegistryFact]
    public async Task An_image_with_the_content_of_one_platform_arrives_with_that_one_and_only_once()
    {
        OciImage.WriteLayoutOfTwo(InImages("dir"), "ghcr.io/a/dir:1", [1], [2]);
        OciImage.RemoveManifest(InImages("dir"), "arm64");
        OciImage.WriteLayoutOfTwo(Path.Combine(Elsewhere, "tar"), "ghcr.io/a/tar:1", [3], [4]);
        OciImage.RemoveManifest(Path.Combine(Elsewhere, "tar"), "amd64");
        await RunAsync("tar", "-C", Path.Combine(Elsewhere, "tar"), "-cf", InImages("plain.tar"), ".");
        OciImage.WriteLayoutOfTwo(Path.Combine(Elsewhere, "gz"), "ghcr.io/a/gz:1", [5], [6]);
        OciImage.RemoveManifest(Path.Combine(Elsewhere, "gz"), "arm64");
        await RunAsync("tar", "-C", Path.Combine(Elsewhere, "gz"), "-czf", InImages("packed.tgz"), ".");

        Assert.Empty(await LoadAsync());
        await Assert.AllAsync(["ghcr.io/a/dir:1", "ghcr.io/a/tar:1", "ghcr.io/a/gz:1"], async image =>
            Assert.Single((await FindAsync(image))!.Manifests));
        Assert.Equal(3, Copied);

        Assert.Empty(await LoadAsync());
        Assert.Equal(3, Copied);
    }

    [RegistryFact]
    public async Task An_image_with_the_content_of_no_platform_is_told()
    {
        OciImage.WriteLayoutOfTwo(InImages("two"), "ghcr.io/a/b:1", [1], [2]);
        OciImage.RemoveManifest(InImages("two"), "amd64");
        OciImage.RemoveManifest(InImages("two"), "arm64");
        Assert.Contains("of 2 platforms, and the content of none", Assert.Single(await LoadAsync()), StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task Compressed_archives_are_read_too()
    {
        await SkopeoAsync("copy", $"oci:{Layout("a")}", $"docker-archive:{Elsewhere}/a.tar:quay.io/a:1");
        await SkopeoAsync("copy", $"oci:{Layout("b")}", $"oci-archive:{Elsewhere}/b.tar:quay.io/b:1");
        await RunAsync("gzip", $"{Elsewhere}/a.tar", $"{Elsewhere}/b.tar");
        File.Move($"{Elsewhere}/a.tar.gz", InImages("a:1.tar.gz"));
        File.Move($"{Elsewhere}/b.tar.gz", InImages("b.tgz"));

        Assert.Empty(await LoadAsync());
        Assert.True(await HasAsync("quay.io/a:1") && await HasAsync("quay.io/b:1"));
    }

    [RegistryFact]
    public async Task A_broken_archive_is_reported_by_name_and_the_others_arrive()
    {
        await ThreeArchivesAsync();
        await File.WriteAllTextAsync(InImages("text.tar"), "this is no archive", TestContext.Current.CancellationToken);
        await SkopeoAsync(
            "copy", $"oci:{Layout(new string('x', 100_000))}", $"oci-archive:{InImages("changed.tar")}:quay.io/changed:1");
        ChangeOneBlob(InImages("changed.tar"));

        Assert.NotEmpty(await LoadAsync());
        Assert.Equal(5, Copied);
        Assert.False(_status.Progress.IsReady);
        Assert.Equal(2, _status.Progress.Problems.Count);
        Assert.Contains(_status.Progress.Problems, problem => problem.StartsWith("text.tar: ", StringComparison.Ordinal));
        Assert.Contains(_status.Progress.Problems, problem =>
            problem.StartsWith("changed.tar: ", StringComparison.Ordinal) && problem.Contains("igest", StringComparison.Ordinal));
        Assert.False(await HasAsync("quay.io/changed:1"));
    }

    [RegistryFact]
    public async Task What_nodes_will_ask_for_and_is_not_there_is_named()
    {
        await LoadAsync();
        Assert.Contains("registry.k8s.io/pause:3.10.1", _status.Progress.Missing);

        OciImage.WriteLayout(InImages("pause"), "registry.k8s.io/pause:3.10.1", [1]);
        await LoadAsync();
        Assert.DoesNotContain("registry.k8s.io/pause:3.10.1", _status.Progress.Missing);
    }

    /// <summary>What docker saved has no manifest: skopeo makes one, and that is what nodes pull.</summary>
    [RegistryFact]
    public async Task The_digests_by_which_nodes_pull_are_written_down()
    {
        var (pause, etcd, dns) = (Upstream("pause"), Upstream("etcd"), Upstream("coredns"));
        var layout = OciImage.WriteLayout(InImages("pause"), pause, [1]);
        var list = OciImage.WriteLayoutOfTwo(InImages("dns"), dns, [1], [2]);
        await SkopeoAsync("copy", $"oci:{Layout("3")}", $"docker-archive:{InImages("etcd.tar")}:{etcd}");
        await LoadAsync();

        var told = ImageDigests.Read(Bsroot).Current;
        Assert.Equal((layout, list, (await FindAsync(etcd))?.Digest), (told[pause], told[dns], told[etcd]));
        Assert.Equal(3, told.Count);
        foreach (var (name, digest) in told)
        {
            await SkopeoAsync("copy", "--src-cert-dir", Certificates,
                $"docker://{Server}/{name.Split(':')[0]}@{digest}", $"dir:{Elsewhere}/{Path.GetRandomFileName()}");
        }
    }

    /// <summary>As whoever took the registry over would do it, or an admin by mistake.</summary>
    [RegistryFact]
    public async Task A_tag_that_was_moved_in_the_registry_changes_nothing_of_what_nodes_are_told()
    {
        var pause = Upstream("pause");
        var digest = OciImage.WriteLayout(InImages("pause"), pause, [1]);
        await LoadAsync();
        using (var admin = new TemporaryDirectory())
        {
            Password.WriteAuthFile(Path.Combine(admin.Path, "auth.json"), Server);
            await SkopeoAsync("copy", "--dest-cert-dir", Certificates, "--dest-authfile", Path.Combine(admin.Path, "auth.json"),
                $"oci:{Layout("another")}", $"docker://{Server}/{pause}");
        }

        Assert.NotEqual(digest, (await FindAsync(pause))?.Digest);
        Assert.Equal(digest, ImageDigests.Read(Bsroot).Current[pause]);
        await LoadAsync();
        Assert.Equal([digest], ImageDigests.Read(Bsroot).Told[pause]);
    }

    [RegistryFact]
    public async Task A_newer_archive_of_the_same_name_takes_the_place_of_the_older()
    {
        OciImage.WriteLayout(InImages("tool"), "1", [1]);
        await LoadAsync();
        var newer = OciImage.WriteLayout(InImages("tool"), "1", [2]);
        await LoadAsync();
        Assert.Equal(newer, (await FindAsync("tool:1"))?.Digest);
    }

    [RegistryFact]
    public async Task Names_without_a_registry_can_be_pushed_and_pulled_by_who_trusts_our_root()
    {
        await SkopeoAsync("copy", "--dest-cert-dir", Certificates, $"oci:{Layout("hello")}", $"docker://{Server}/hello");
        await SkopeoAsync("copy", "--src-cert-dir", Certificates, $"docker://{Server}/hello", $"dir:{Elsewhere}/hello");
        Assert.True(File.Exists($"{Elsewhere}/hello/manifest.json"));
    }

    private string Upstream(string part) => $"{ContainerImages.Of(Cluster).Single(image => image.Part == part).Upstream}";

    /// <returns>The problems.</returns>
    private async Task<IReadOnlyList<string>> LoadAsync()
    {
        await new Preload(Bsroot, Cluster, Client, Password, _status, Loggers.CreateLogger("preload"))
            .RunAsync(TestContext.Current.CancellationToken);
        return _status.Progress.Problems;
    }

    /// <summary>A docker-archive with an image of two names and another one, an oci-archive and an OCI layout.</summary>
    private async Task ThreeArchivesAsync()
    {
        await SkopeoAsync(
            "copy",
            "--additional-tag",
            "team/hello:latest",
            $"oci:{Layout("1")}",
            $"docker-archive:{InImages("docker.tar")}:hello:1");
        await SkopeoAsync("copy", $"oci:{Layout("2")}", $"oci-archive:{InImages("oci.tar")}:registry.k8s.io/pause:3.10.1");
        OciImage.WriteLayout(InImages("layout"), "quay.io/etcd:v3", [3]);
        OciImage.WriteLayout(InImages("plain"), "2", [4]);
    }

    /// <summary>As a bad disk does it: the archive is whole, and one of its blobs is another.</summary>
    private void ChangeOneBlob(string archive)
    {
        var files = Path.Combine(Elsewhere, "changed");
        Directory.CreateDirectory(files);
        TarFile.ExtractToDirectory(archive, files, overwriteFiles: true);
        var blob = new DirectoryInfo(files).EnumerateFiles("*", SearchOption.AllDirectories).Where(file =>
            file.DirectoryName!.Contains("blobs", StringComparison.Ordinal)).MaxBy(file => file.Length)!;
        using (var gzip = new GZipStream(blob.Create(), CompressionLevel.Fastest))
        {
            gzip.Write(new byte[1000]);
        }

        File.Delete(archive);
        TarFile.CreateFromDirectory(files, archive, includeBaseDirectory: false);
    }
}
