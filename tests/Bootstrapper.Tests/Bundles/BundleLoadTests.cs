using System.Formats.Tar;
using Bootstrapper.Bundles;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;

namespace Bootstrapper.Tests.Bundles;

/// <summary>A bundle arrives where there is no internet.</summary>
[Trait("Category", "Slow")]
public sealed class BundleLoadTests : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly BundleFixture _fixture = BundleFixture.Create();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Loaded_into_an_empty_data_root_it_makes_the_same_bundle_again()
    {
        var bundle = await _fixture.BundleAsync();
        await _fixture.LoadAsync(bundle);
        var content = DataRootContent.Of(
            _fixture.Elsewhere, BundledSnapshot.Of(_fixture.Content()).Snapshot!.Cluster, program: null);
        await new BundleCreation(content, against: null, sign: null, Unwatched.Instance).RunAsync(_fixture.At("again.tar"), Now);
        Assert.Equal(BundleFixture.Bytes(bundle), BundleFixture.Bytes(_fixture.At("again.tar")));
        Assert.Equal("1.0.0", ChannelDirectory.Of(_fixture.Elsewhere, "stable").Current);
        Assert.False(Directory.Exists(_fixture.Elsewhere.Scratch("bundle")));
    }

    [Fact]
    public async Task Loaded_a_second_time_it_writes_nothing()
    {
        var bundle = await _fixture.BundleAsync();
        Assert.NotEmpty(await _fixture.LoadAsync(bundle));
        Assert.Empty(await _fixture.LoadAsync(bundle));
    }

    [Theory]
    [InlineData("cluster-desc.yml")]
    [InlineData("templates/worker.template")]
    public async Task What_an_operator_wrote_is_overwritten_only_when_asked(string path)
    {
        var bundle = await _fixture.BundleAsync();
        Bsroot.Write(_fixture.Elsewhere.At(path), "mine");
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.LoadAsync(bundle));
        Assert.Contains($"{path} is there already and differs", Assert.Single(refusal.Problems), StringComparison.Ordinal);
        Assert.Equal("mine", BundleFixture.Text(_fixture.Elsewhere.At(path)));
        Assert.False(Directory.Exists(_fixture.Elsewhere.Www));

        await _fixture.LoadAsync(bundle, leave: new LoadLeave(Overwrite: true));
        Assert.Equal(BundleFixture.Text(_fixture.Bsroot.At(path)), BundleFixture.Text(_fixture.Elsewhere.At(path)));
    }

    [Fact]
    public async Task Older_releases_than_those_in_force_come_only_when_asked()
    {
        var old = await _fixture.BundleAsync("old.tar");
        _fixture.PutRelease("stable", "1.1.0");
        await _fixture.LoadAsync(await _fixture.BundleAsync("new.tar"));

        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.LoadAsync(old));
        Assert.Equal(
            ["stable: 1.0.0 in the bundle is older than 1.1.0 in force: use --allow-older to go back"], refusal.Problems);
        Assert.Equal("1.1.0", ChannelDirectory.Of(_fixture.Elsewhere, "stable").Current);
        Assert.False(Directory.Exists(_fixture.Elsewhere.At("www/stable/1.0.0")));

        await _fixture.LoadAsync(old, leave: new LoadLeave(Older: true));
        Assert.Equal("1.0.0", ChannelDirectory.Of(_fixture.Elsewhere, "stable").Current);
    }

    [Fact]
    public async Task A_damaged_bundle_changes_nothing()
    {
        Tar.With(await _fixture.BundleAsync(), _fixture.At("damaged.tar"), "www/static/motd", [1]);
        await Assert.ThrowsAsync<BundleException>(() => _fixture.LoadAsync(_fixture.At("damaged.tar")));
        Assert.Equal(["tmp"], Directory.EnumerateFileSystemEntries(_fixture.Elsewhere.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Interrupted_it_has_shown_nothing_and_goes_on_where_it_stopped()
    {
        var bundle = await _fixture.BundleAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _fixture.LoadAsync(bundle, progress: new StopsAfter(stop, "writing", reports: 20), stop: stop));
        Assert.Equal(["tmp"], Directory.EnumerateFileSystemEntries(_fixture.Elsewhere.Root).Select(Path.GetFileName));

        var staged = Directory.EnumerateFiles(_fixture.Elsewhere.Scratch("bundle"), "*", SearchOption.AllDirectories).Count();
        var watch = new Written();
        var all = await _fixture.LoadAsync(bundle, progress: watch);
        Assert.InRange(watch.Bytes, 1, all.Sum(file => file.Size) - 1);
        Assert.True(staged > 10);
        Assert.Empty(await _fixture.LoadAsync(bundle));
    }

    [Fact]
    public async Task A_second_bundle_holds_only_what_is_new_and_brings_it()
    {
        var first = await _fixture.BundleAsync("first.tar");
        await _fixture.LoadAsync(first);
        _fixture.PutRelease("stable", "1.1.0");
        var second = await _fixture.BundleAsync("second.tar", against: first);

        Assert.Equal(
            [
                "manifest.json",
                "www/stable/1.1.0/.fetched",
                "www/stable/1.1.0/flatcar_production_image.bin.bz2",
                "www/stable/1.1.0/flatcar_production_image.bin.bz2.sig",
                "www/stable/1.1.0/flatcar_production_pxe.vmlinuz",
                "www/stable/1.1.0/flatcar_production_pxe_image.cpio.gz",
                "www/stable/1.1.0/version.txt",
                "www/beta/current",
                "www/stable/current"],
            Tar.Names(second));
        await _fixture.LoadAsync(second);
        Assert.Equal("1.1.0", ChannelDirectory.Of(_fixture.Elsewhere, "stable").Current);
        Assert.True(Directory.Exists(_fixture.Elsewhere.At("www/stable/1.0.0")));
    }

    [Fact]
    public async Task An_increment_says_what_it_was_made_against_and_is_proved_together_with_that()
    {
        var first = await _fixture.BundleAsync("first.tar");
        _fixture.PutRelease("stable", "1.1.0");
        var second = await _fixture.BundleAsync("second.tar", against: first);
        _fixture.Put("www/static/motd", "hello");
        var third = await _fixture.BundleAsync("third.tar", against: second);

        Assert.StartsWith(
            "it holds only what is new against first.tar (manifest ",
            Assert.Single(await BundleFixture.VerifyAsync(second)),
            StringComparison.Ordinal);
        Assert.Empty(await BundleFixture.VerifyAsync(second, first));
        Assert.NotEmpty(await BundleFixture.VerifyAsync(third, second));
        Assert.Empty(await BundleFixture.VerifyAsync(third, second, first));
    }

    [Fact]
    public async Task An_increment_is_refused_where_its_base_is_not_there()
    {
        var first = await _fixture.BundleAsync("first.tar");
        _fixture.PutRelease("stable", "1.1.0");
        var second = await _fixture.BundleAsync("second.tar", against: first);

        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.LoadAsync(second));
        Assert.Contains(refusal.Problems, problem => problem.StartsWith(
            "tftpboot/undionly.kpxe is missing: needed by n1",
            StringComparison.Ordinal) && problem.Contains("the bundle first.tar (manifest ", StringComparison.Ordinal));
        Assert.Equal(["tmp"], Directory.EnumerateFileSystemEntries(_fixture.Elsewhere.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("/etc/escaped")]
    [InlineData("www/../../escaped")]
    [InlineData("www//x")]
    [InlineData("ca.key")]
    [InlineData("inventory/52-54-00-00-00-01.json")]
    [InlineData("tftpboot/pxelinux.cfg/default")]
    public async Task A_name_that_leads_to_where_nothing_may_be_written_is_refused(string name)
    {
        var bundle = await _fixture.BundleAsync();
        await RefusesAsync(
            bundle, manifest => manifest with { Files = [.. manifest.Files, manifest.Files[0] with { Path = name }] }, name);
    }

    [Theory]
    [InlineData("www/x", "/etc")]
    [InlineData("www/x", "../inventory")]
    [InlineData("www/stable/x", "../../../..")]
    [InlineData("images/x", "../www")]
    [InlineData("cluster-desc.yml", "www")]
    public async Task A_link_that_leads_out_of_its_tree_is_refused(string name, string target)
    {
        var bundle = await _fixture.BundleAsync();
        await RefusesAsync(bundle, manifest => manifest with { Links = [.. manifest.Links, new BundleLink(name, target)] }, name);
    }

    [Fact]
    public async Task A_file_that_would_be_written_through_a_link_is_refused()
    {
        var bundle = await _fixture.BundleAsync();
        await RefusesAsync(
            bundle,
            manifest => manifest with { Files = [.. manifest.Files, manifest.Files[0] with { Path = "www/stable/current/x" }] },
            "goes through the link");
    }

    private async Task RefusesAsync(string bundle, Func<BundleManifest, BundleManifest> forge, string name)
    {
        var forged = forge(BundleManifest.Read(Tar.Content(bundle, BundlePath.Manifest)));
        Tar.Rewrite(bundle, _fixture.At("forged.tar"), entry => entry.Name == BundlePath.Manifest
            ? new GnuTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(forged.ToJson()) }
            : entry);
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => _fixture.LoadAsync(_fixture.At("forged.tar")));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["tmp"], Directory.EnumerateFileSystemEntries(_fixture.Elsewhere.Root).Select(Path.GetFileName));
    }

    /// <summary>An operator's Ctrl-C in the middle.</summary>
    private sealed class StopsAfter(CancellationTokenSource stop, string work, int reports) : IProgress<FileProgress>
    {
        private int _reports;

        public void Report(FileProgress value)
        {
            if (value.Name == work && ++_reports == reports)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class Written : IProgress<FileProgress>
    {
        public long Bytes { get; private set; }

        public void Report(FileProgress value) => Bytes = value.Name == "writing" ? value.Received : Bytes;
    }
}
