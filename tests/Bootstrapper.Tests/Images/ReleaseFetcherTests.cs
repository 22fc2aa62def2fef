using Bootstrapper.Images.Releases;
using Bootstrapper.Images.Signatures;

namespace Bootstrapper.Tests.Images;

/// <summary>Releases from a mirror, against real HTTP and the real gpgv.</summary>
[Trait("Category", "Slow")]
public sealed class ReleaseFetcherTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>, IAsyncLifetime
{
    private const string Image = ReleaseFixture.Image;

    private ReleaseFixture _fixture = null!;

    private string ImagePath { get; } = ReleaseFixture.PathOf("2.0.0", Image);

    public async ValueTask InitializeAsync()
    {
        _fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        _fixture.Release("1.0.0");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public void A_key_where_auto_install_had_it_counts_too()
    {
        Bsroot.Write(_fixture.Bsroot.CoreOSSigningKey, "");
        Assert.Equal(["vendor.asc", "CoreOS_Image_Signing_Key.asc"], SigningKeys.Of(_fixture.Bsroot).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_release_comes_whole_with_its_signatures_and_is_in_force()
    {
        Assert.Equal(new FetchResult("1.0.0", IsNew: true, HasSwitched: true), await _fixture.FetchAsync());

        Assert.Equal(["1.0.0", "current"], _fixture.Visible());
        Assert.All(ReleaseFixture.Names, name => Assert.Equal(ReleaseFixture.Content("1.0.0", name), _fixture.Served(name)));
        Assert.Equal(_fixture.Mirror.Files[ReleaseFixture.PathOf("1.0.0", Image + ".sig")], _fixture.Served(Image + ".sig"));
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(_fixture.Bsroot.Www, "stable/1.0.0"))
                .Where(file => Path.GetFileName(file)[0] != '.'),
            file => Assert.Equal(Bsroot.PublicFile, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task What_is_here_is_not_downloaded_again()
    {
        await _fixture.FetchAsync();
        _fixture.Mirror.Sent.Clear();

        Assert.Equal(new FetchResult("1.0.0", IsNew: false, HasSwitched: false), await _fixture.FetchAsync());
        Assert.Equal([ReleaseFixture.PathOf("current", "version.txt")], _fixture.Mirror.Sent.Keys);
    }

    [Fact]
    public async Task Two_channels_do_not_meet()
    {
        _fixture.Release("3.0.0", "beta");
        await _fixture.FetchAsync();
        await _fixture.FetchAsync(channel: "beta");

        Assert.Equal(("1.0.0", "3.0.0"), (_fixture.InForce(), _fixture.InForce("beta")));
        Assert.Equal(ReleaseFixture.Content("3.0.0", Image), _fixture.Served(Image, channel: "beta"));
    }

    [Fact]
    public async Task Another_architecture_has_a_folder_of_its_own()
    {
        foreach (var name in ReleaseFixture.Names)
        {
            _fixture.Put($"stable/arm64-usr/1.0.0/{name}", ReleaseFixture.Content("1.0.0", name));
        }

        await _fixture.FetchAsync("1.0.0", "stable-arm64");
        Assert.Equal((null, "1.0.0"), (_fixture.InForce(), _fixture.InForce("stable-arm64")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1998)]
    [InlineData(1999)]
    public async Task A_download_that_was_cut_goes_on_where_it_stopped(int cut)
    {
        var path = ReleaseFixture.PathOf("1.0.0", Image);
        _fixture.Mirror.Cuts[path] = cut;
        await _fixture.RefusalAsync();
        Assert.Empty(_fixture.Visible());

        _fixture.Mirror.Cuts.Clear();
        _fixture.Mirror.Sent.Clear();
        await _fixture.FetchAsync();

        Assert.Equal(ReleaseFixture.Content("1.0.0", Image), _fixture.Served(Image));
        Assert.Equal(2000 - cut, _fixture.Mirror.Sent[path]);
    }

    [Fact]
    public async Task A_download_is_not_put_together_from_two_files()
    {
        var path = ReleaseFixture.PathOf("1.0.0", Image);
        _fixture.Mirror.Cuts[path] = 1000;
        await _fixture.RefusalAsync();

        _fixture.Mirror.Cuts.Clear();
        _fixture.Put(path, ReleaseFixture.Content("1.0.0-rebuilt", Image, 1500));
        await _fixture.FetchAsync();
        Assert.Equal(ReleaseFixture.Content("1.0.0-rebuilt", Image, 1500), _fixture.Served(Image));
    }

    [Fact]
    public async Task A_file_that_became_shorter_than_what_is_here_begins_again()
    {
        _fixture.Mirror.Cuts[ReleaseFixture.PathOf("1.0.0", ReleaseFixture.Kernel)] = 5;
        _fixture.Mirror.Cuts[ReleaseFixture.PathOf("1.0.0", Image)] = 1000;
        await _fixture.RefusalAsync();

        _fixture.Mirror.Cuts.Clear();
        _fixture.Put(ReleaseFixture.PathOf("1.0.0", Image), ReleaseFixture.Content("1.0.0", Image, 300));
        await _fixture.FetchAsync();
        Assert.Equal(300, _fixture.Served(Image).Length);
    }

    [Fact]
    public async Task A_flipped_bit_is_refused()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files[ImagePath][1234] ^= 1);
        await AssertRefusedAsync(Image, "damaged or replaced");
    }

    [Fact]
    public async Task A_truncated_file_is_refused()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files[ImagePath] = _fixture.Mirror.Files[ImagePath][..1500]);
        await AssertRefusedAsync(Image, "damaged or replaced");
    }

    [Fact]
    public async Task The_signature_of_another_file_is_refused()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files[ImagePath
            + ".sig"] = _fixture.Mirror.Files[ReleaseFixture.PathOf("2.0.0", ReleaseFixture.Kernel) + ".sig"]);
        await AssertRefusedAsync(Image, "damaged or replaced");
    }

    /// <summary>The vendor signed each of them. What machines would be given as the newest release is an old one.</summary>
    [Theory]
    [InlineData(29, false)]
    [InlineData(31, true)]
    [InlineData(2000, true)]
    public async Task Files_that_were_signed_long_before_the_version_are_of_another_release(int days, bool refused)
    {
        using var vendor = SigningKey.CreateLongAgo();
        Bsroot.Write(Path.Combine(_fixture.Bsroot.SigningKeys, "vendor-too.asc"), vendor.Public);
        var today = TimeProvider.System.GetUtcNow().UtcDateTime;
        var then = today.AddDays(-days);
        await UpgradeAsync(() =>
        {
            foreach (var name in ReleaseFixture.Names)
            {
                var path = ReleaseFixture.PathOf("2.0.0", name);
                _fixture.Mirror.Files[$"{path}.sig"] =
                    vendor.SignOn(name == "version.txt" ? today : then, _fixture.Mirror.Files[path]);
            }
        });
        if (refused)
        {
            await AssertRefusedAsync(
                $"was signed on {then:yyyy-MM-dd} and version.txt on {today:yyyy-MM-dd}", "they are not of one release");
        }
        else
        {
            await _fixture.FetchAsync();
            Assert.Equal("2.0.0", _fixture.InForce());
        }
    }

    [Fact]
    public async Task A_file_of_a_release_that_is_here_is_none_of_a_newer_one()
    {
        await UpgradeAsync(() => _fixture.Put(ImagePath, ReleaseFixture.Content("1.0.0", Image)));
        await AssertRefusedAsync(Image, $"it is {Image} of 1.0.0, and calls itself 2.0.0");
    }

    [Fact]
    public async Task A_kernel_may_be_the_same_in_two_releases()
    {
        await UpgradeAsync(() => _fixture.Put(
            ReleaseFixture.PathOf("2.0.0", ReleaseFixture.Kernel), ReleaseFixture.Content("1.0.0", ReleaseFixture.Kernel)));
        await _fixture.FetchAsync();
        Assert.Equal("2.0.0", _fixture.InForce());
    }

    [Fact]
    public async Task Another_signed_file_under_the_name_is_refused()
    {
        await UpgradeAsync(() =>
        {
            foreach (var suffix in new[] { "", ".sig", ".DIGESTS.asc" })
            {
                _fixture.Mirror.Files[ImagePath
                    + suffix] = _fixture.Mirror.Files[ReleaseFixture.PathOf("2.0.0", ReleaseFixture.Kernel) + suffix];
            }
        });
        await AssertRefusedAsync(Image, "do not list " + Image);
    }

    [Fact]
    public async Task A_key_that_nobody_trusts_is_refused()
    {
        await UpgradeAsync(() => _fixture.Put(ImagePath, ReleaseFixture.Content("2.0.0", Image), keys.Stranger));
        await AssertRefusedAsync(Image, "not in signing-keys/");
    }

    [Fact]
    public async Task A_key_that_has_expired_is_refused_with_the_date()
    {
        Bsroot.Write(Path.Combine(_fixture.Bsroot.SigningKeys, "expired.asc"), keys.Expired.Public);
        await UpgradeAsync(() => _fixture.Put(ImagePath, ReleaseFixture.Content("2.0.0", Image), keys.Expired));
        await AssertRefusedAsync(Image, "has expired on 2020-02-01");
    }

    [Fact]
    public async Task A_digest_that_does_not_match_is_refused()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files[ImagePath + ".DIGESTS.asc"] = keys.Vendor.ClearSign(
            $"# SHA512 HASH\n{new string('0', 128)}  {Image}\n"));
        await AssertRefusedAsync(Image, "its SHA-512 is");
    }

    [Fact]
    public async Task Digests_whose_signature_does_not_match_are_refused()
    {
        await UpgradeAsync(() =>
            _fixture.Mirror.Files[ImagePath + ".DIGESTS.asc"] = keys.Stranger.ClearSign($"{new string('0', 128)}  {Image}\n"));
        await AssertRefusedAsync(Image, ".DIGESTS.asc: it is signed with key");
    }

    [Fact]
    public async Task A_file_without_a_signature_is_refused()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files.Remove(ImagePath + ".sig", out _));
        await AssertRefusedAsync(Image + ".sig", "the server answers 404");
    }

    [Fact]
    public async Task A_signature_that_is_none_is_refused()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files[ImagePath + ".sig"] = "<html>not found</html>"u8.ToArray());
        await AssertRefusedAsync(Image, "signature");
    }

    [Fact]
    public async Task A_release_under_the_number_of_another_is_refused()
    {
        await UpgradeAsync(() =>
        {
            foreach (var path in _fixture.Mirror.Files.Keys.Where(path => path.Contains("/2.0.0/", StringComparison.Ordinal))
                .ToList())
            {
                _fixture.Mirror.Files[path] = _fixture.Mirror.Files[path.Replace("/2.0.0/", "/1.0.0/", StringComparison.Ordinal)];
            }
        });
        await AssertRefusedAsync("2.0.0", "calls itself 1.0.0, not 2.0.0");
    }

    [Fact]
    public async Task A_version_that_is_no_folders_name_is_refused()
    {
        await UpgradeAsync(() =>
            _fixture.Mirror.Files[ReleaseFixture.PathOf("current", "version.txt")] = "FLATCAR_VERSION=../../ca\n"u8.ToArray());
        await AssertRefusedAsync("version.txt", "names no version");
    }

    [Fact]
    public async Task What_was_refused_is_mended_by_the_next_attempt()
    {
        await UpgradeAsync(() => _fixture.Mirror.Files[ImagePath][1234] ^= 1);
        await _fixture.RefusalAsync();
        _fixture.Mirror.Files[ImagePath][1234] ^= 1;
        await _fixture.FetchAsync();
        Assert.Equal("2.0.0", _fixture.InForce());
        Assert.Equal(ReleaseFixture.Content("2.0.0", Image), _fixture.Served(Image));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_asked_and_the_operator_is_told_where_to_get_it()
    {
        File.Delete(Path.Combine(_fixture.Bsroot.SigningKeys, "vendor.asc"));
        Assert.Contains("F88CFEDEFF29A5B4D9523864E25D9AED0593B34A", await _fixture.RefusalAsync(), StringComparison.Ordinal);
        Assert.Empty(_fixture.Mirror.Requests);
        Assert.Contains("F88C FEDE FF29 A5B4 D952  3864 E25D 9AED 0593 B34A", await File.ReadAllTextAsync(
            Path.Combine(_fixture.Bsroot.SigningKeys, "README"),
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_mirror_is_asked_when_one_is_gone_or_lies()
    {
        await using var liar = await ReleaseMirror.StartAsync();
        foreach (var (path, content) in _fixture.Mirror.Files)
        {
            liar.Files[path] = [.. content];
        }

        liar.Files[ReleaseFixture.PathOf("1.0.0", Image)][0] ^= 1;
        await _fixture.FetchAsync(mirrors: [new Uri("http://127.0.0.1:9"), liar.Url, _fixture.Mirror.Url]);
        Assert.Equal(ReleaseFixture.Content("1.0.0", Image), _fixture.Served(Image));
    }

    [Fact]
    public async Task When_no_mirror_will_do_each_has_its_reason()
    {
        _fixture.Mirror.Files.Clear();
        var refusal = await _fixture.RefusalAsync(new Uri("http://127.0.0.1:9"), _fixture.Mirror.Url);
        Assert.Contains("127.0.0.1:9/stable/", refusal, StringComparison.Ordinal);
        Assert.Contains("the server answers 404", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_that_lags_behind_takes_nobody_back_but_an_operator_may()
    {
        _fixture.Release("10.0.0");
        await _fixture.FetchAsync();
        _fixture.Release("9.0.0");
        Assert.Contains("older than 10.0.0", await _fixture.RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal("10.0.0", _fixture.InForce());

        await _fixture.FetchAsync("9.0.0");
        Assert.Equal("9.0.0", _fixture.InForce());
    }

    [Fact]
    public async Task Two_fetches_of_one_channel_keep_out_of_each_others_way()
    {
        using var other = ChannelDirectory.Of(_fixture.Bsroot, "stable").Lock();
        Assert.Contains("another fetch is under way", await _fixture.RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_put_together_is_not_touched()
    {
        Bsroot.Write(Path.Combine(_fixture.Bsroot.Www, "stable/1.0.0", ReleaseFixture.Kernel), "mine");
        Assert.Contains(
            $"lacks version.txt, {ReleaseFixture.Initrd}, {Image}", await _fixture.RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal("mine"u8.ToArray(), _fixture.Served(ReleaseFixture.Kernel, "1.0.0"));
    }

    /// <summary>1.0.0 is in force; 2.0.0 is the newest, and something is wrong with it.</summary>
    private async Task UpgradeAsync(Action harm)
    {
        await _fixture.FetchAsync();
        _fixture.Release("2.0.0");
        harm();
    }

    private async Task AssertRefusedAsync(string what, string why)
    {
        var refusal = await _fixture.RefusalAsync();
        Assert.Contains(what, refusal, StringComparison.Ordinal);
        Assert.Contains(why, refusal, StringComparison.Ordinal);
        Assert.Equal("1.0.0", _fixture.InForce());
        Assert.Equal(["1.0.0", "current"], _fixture.Visible());
        Assert.All(ReleaseFixture.Names, name => Assert.Equal(ReleaseFixture.Content("1.0.0", name), _fixture.Served(name)));
    }
}
