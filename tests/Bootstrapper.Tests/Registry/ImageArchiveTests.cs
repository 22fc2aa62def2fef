using System.Formats.Tar;
using System.Text;
using Bootstrapper.Registry;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>What lies in images/ and cannot be read: it is told why, and keeps no other archive out.</summary>
public sealed class ImageArchiveTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("a.tar.xz", "xz")]
    [InlineData("a.tar", "xz")]
    [InlineData("a.tar.bz2", "bzip2")]
    public async Task Of_what_is_compressed_otherwise_it_is_told_how_to_unpack_it(string name, string program)
    {
        Directory.CreateDirectory(Bsroot.Images);
        var plain = _directory.Write("plain", "no archive");
        await Tool.OutputOfAsync("sh", "-c", $"{program} -c {plain} > {Path.Combine(Bsroot.Images, name)}");
        Assert.Equal(
            [$"{name}: it is compressed with {program}, and only gzip is read: unpack it with {program} -d"], Problems());
    }

    /// <summary>Their first octets: the programs are not on every host.</summary>
    [Theory]
    [InlineData("a.tar.zst", new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0, 0 }, "zstd")]
    [InlineData("a.tar.lz4", new byte[] { 0x04, 0x22, 0x4d, 0x18, 0, 0 }, "lz4")]
    public void So_it_is_of_other_programs(string name, byte[] content, string program)
    {
        Bsroot.Write(Path.Combine(Bsroot.Images, name), content);
        Assert.Equal(
            [$"{name}: it is compressed with {program}, and only gzip is read: unpack it with {program} -d"], Problems());
    }

    [Theory]
    [InlineData("manifest.json", "[null]")]
    [InlineData("manifest.json", """[{"Config": "blobs/sha256/CONFIG", "RepoTags": [null]}]""")]
    [InlineData("manifest.json", """[{"Config": "blobs/sha256/CONFIG", "RepoTags": [""]}]""")]
    [InlineData("index.json", """{"manifests": [{"digest": 7}]}""")]
    [InlineData("index.json", """{"manifests": [{"digest": "sha256:CONFIG", "annotations": {"a": 7}}]}""")]
    [InlineData("index.json", """{"manifests": [{"digest": "sha256:CONFIG", "annotations": [1]}]}""")]
    public void One_that_lies_about_its_images_keeps_no_other_out(string name, string content)
    {
        Directory.CreateDirectory(Bsroot.Images);
        Pack("a.tar", name, content.Replace("CONFIG", new string('a', 64), StringComparison.Ordinal));
        Pack("b.tar", "manifest.json", $$"""[{"Config": "blobs/sha256/{{new string('b', 64)}}", "RepoTags": ["b:1"]}]""");
        var plan = PreloadPlan.Read(Bsroot, Sample.Cluster(Sample.Node(1)));
        Assert.Equal(["b.tar"], plan.Items.Select(item => item.Archive.Name).Distinct());
        Assert.StartsWith("a.tar: ", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_not_waited_for()
    {
        Directory.CreateDirectory(Bsroot.Images);
        await Tool.OutputOfAsync("mkfifo", Path.Combine(Bsroot.Images, "a.tar"));
        var reading = Task.Run(Problems, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["a.tar: is a pipe, a socket or a device: expected a file"],
            await reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private IReadOnlyList<string> Problems() => PreloadPlan.Read(Bsroot, Sample.Cluster(Sample.Node(1))).Problems;

    private void Pack(string archive, string name, string content)
    {
        using var tar = new TarWriter(File.Create(Path.Combine(Bsroot.Images, archive)));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
        });
    }
}
