using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Bundles;
using Bootstrapper.Images.Signatures;
using Bootstrapper.Tests.Images;

namespace Bootstrapper.Tests.Bundles;

/// <summary>Who could write to a bundle on its way, and what came of it.</summary>
[Trait("Category", "Slow")]
public sealed class BundleTrustTests(SigningKeyFixture keys) : IAsyncLifetime, IClassFixture<SigningKeyFixture>
{
    private readonly BundleFixture _fixture = BundleFixture.Create();
    private string _bundle = "";

    private string Forged => _fixture.At("forged.tar");

    public async ValueTask InitializeAsync() => _bundle = await _fixture.BundleAsync(sign: keys.Vendor.Sign);

    public ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_manifest_comes_first_and_its_signature_next()
    {
        Assert.Equal([BundlePath.Manifest, BundlePath.Signature], Tar.Names(_bundle).Take(2));
        keys.Vendor.AssertSigned(Tar.Content(_bundle, BundlePath.Manifest), Tar.Content(_bundle, BundlePath.Signature));
    }

    [Fact]
    public async Task What_its_maker_signed_is_taken_over()
    {
        Assert.NotEmpty(await _fixture.LoadAsync(_bundle, trust: Trusting(keys.Vendor)));
        Assert.Empty(await BundleFixture.VerifyAsync(_bundle));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_nobody_trusts_signs_for_nobody(bool allowed)
    {
        var trust = new BundleTrust(PublicOf(keys.Stranger), allowed);
        if (allowed)
        {
            Assert.NotEmpty(await _fixture.LoadAsync(_bundle, trust: trust));
            return;
        }

        await RefusesAsync(_bundle, "which is not in bundle-keys/", trust);
    }

    /// <summary>Whoever may sign releases of an operating system may not say what a cluster is.</summary>
    [Fact]
    public async Task A_key_for_releases_is_no_key_for_bundles()
    {
        Bsroot.Write(Path.Combine(_fixture.Elsewhere.SigningKeys, "vendor.asc"), keys.Vendor.Public);
        await RefusesAsync(_bundle, "there is no key in bundle-keys/", BundleTrust.Of(_fixture.Elsewhere, null, false));
        Bsroot.Write(Path.Combine(_fixture.Elsewhere.BundleKeys, "maker.asc"), keys.Vendor.Public);
        Assert.NotEmpty(await _fixture.LoadAsync(_bundle, trust: BundleTrust.Of(_fixture.Elsewhere, null, false)));
    }

    [Fact]
    public async Task A_key_that_has_expired_signs_nothing_any_more()
    {
        var bundle = await _fixture.BundleAsync("late.tar", sign: keys.Expired.Sign);
        await RefusesAsync(bundle, "has expired", Trusting(keys.Expired));
    }

    /// <summary>Whoever alters a file makes its digest anew; not even those who allow all else take that.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_was_exchanged_with_its_digest_is_refused(bool allowed)
    {
        var gift = "a gift"u8.ToArray();
        Tar.With(_bundle, _fixture.At("half.tar"), "www/static/motd", gift);
        Tar.With(_fixture.At("half.tar"), Forged, BundlePath.Manifest, Altered("www/static/motd", gift));
        await RefusesAsync(
            Forged,
            "its signature is of another content",
            new BundleTrust(PublicOf(keys.Vendor), allowed));
    }

    /// <summary>What was good last year has last year's holes, and its signature is as good as ever.</summary>
    [Fact]
    public async Task An_older_bundle_of_the_same_maker_comes_only_when_asked()
    {
        using var maker = SigningKey.CreateLongAgo();
        var trust = Trusting(maker);
        var old = await SignedAsync("old.tar", new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var last = await SignedAsync("last.tar", new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await _fixture.LoadAsync(last, trust: trust);
        Assert.Empty(await _fixture.LoadAsync(last, trust: trust));

        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.LoadAsync(old, trust: trust));
        Assert.Equal(
            ["the bundle was signed on 2021-01-01 00:00:00Z, before the one that was loaded last, of 2022-01-01 00:00:00Z: "
                + "use --allow-older to go back"],
            refusal.Problems);
        await _fixture.LoadAsync(old, trust: trust, leave: new LoadLeave(Older: true));

        Bsroot.Write(_fixture.Elsewhere.LoadedBundle, "{");
        await Assert.ThrowsAsync<InvalidDataException>(() => _fixture.LoadAsync(last, trust: trust));

        Task<string> SignedAsync(string name, DateTime when) =>
            _fixture.BundleAsync(name, sign: content => maker.SignOn(when, content));
    }

    [Fact]
    public async Task A_file_that_was_exchanged_alone_is_refused_by_its_digest()
    {
        Tar.With(_bundle, Forged, "www/static/motd", "a gift!!"u8.ToArray());
        await RefusesAsync(Forged, "www/static/motd was altered", Trusting(keys.Vendor));
    }

    [Fact]
    public async Task A_signature_of_another_bundle_does_not_fit()
    {
        _fixture.Put("www/static/motd", "another day\n");
        var other = await _fixture.BundleAsync("other.tar", sign: keys.Vendor.Sign);
        Tar.With(_bundle, Forged, BundlePath.Signature, Tar.Content(other, BundlePath.Signature));
        await RefusesAsync(Forged, "its signature is of another content", Trusting(keys.Vendor));
    }

    [Theory]
    [InlineData("", "holds no signature")]
    [InlineData("no signature", "signature")]
    public async Task A_signature_that_is_none_is_refused(string signature, string reason)
    {
        Tar.With(_bundle, Forged, BundlePath.Signature, Encoding.UTF8.GetBytes(signature));
        await RefusesAsync(Forged, reason, Trusting(keys.Vendor));
    }

    [Fact]
    public async Task A_bundle_whose_signature_was_removed_is_unsigned()
    {
        Tar.Without(_bundle, Forged, BundlePath.Signature);
        await RefusesAsync(Forged, "is not signed: whoever could write to it may have changed it", Trusting(keys.Vendor));
    }

    /// <summary>The signature is looked for behind the manifest and nowhere else.</summary>
    [Fact]
    public async Task A_second_manifest_is_no_manifest()
    {
        File.Copy(_bundle, Forged);
        Tar.Append(Forged, [new GnuTarEntry(TarEntryType.RegularFile, BundlePath.Manifest)
        {
            DataStream = new MemoryStream(Altered("www/static/motd", [1])),
        }]);
        await RefusesAsync(Forged, "manifest.json is in ", Trusting(keys.Vendor));
    }

    [Theory]
    [InlineData(BundlePath.Manifest, BundleManifest.LargestBytes)]
    [InlineData(BundlePath.Signature, 64 << 10)]
    public async Task Nothing_large_is_read_before_the_signature(string member, int largest)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(member).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(Convert.ToString(largest + 1, 8).PadLeft(11, '0')).CopyTo(header, 124);
        var whole = BundleFixture.Bytes(_bundle);
        var at = member == BundlePath.Manifest ? 0 : whole.AsSpan().IndexOf(Encoding.ASCII.GetBytes(member + "\0"));
        header.CopyTo(whole, at);
        Bsroot.Write(Forged, whole);
        await RefusesAsync(Forged, $"{member} is too large: expected at most {largest} bytes", Trusting(keys.Vendor));
    }

    private byte[] Altered(string path, byte[] content)
    {
        var manifest = BundleManifest.Read(Tar.Content(_bundle, BundlePath.Manifest));
        return (manifest with
        {
            Files = [.. manifest.Files.Select(file => file.Path != path ? file
                : file with { Size = content.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) })],
        }).ToJson();
    }

    private static BundleTrust Trusting(SigningKey key) => new(PublicOf(key), allowUnsigned: false);

    private static byte[] PublicOf(SigningKey key) => Armor.Decode(Encoding.ASCII.GetBytes(key.Public));

    private async Task RefusesAsync(string bundle, string reason, BundleTrust trust)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => _fixture.LoadAsync(bundle, trust: trust));
        Assert.Contains(
            reason, refusal is BundleException { Problems: var problems } ? string.Join('\n', problems) : refusal.Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_fixture.Elsewhere.Description));
        Assert.False(Directory.Exists(_fixture.Elsewhere.Www));
    }
}
