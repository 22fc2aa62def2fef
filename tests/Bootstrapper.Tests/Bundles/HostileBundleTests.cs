using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Bundles;

namespace Bootstrapper.Tests.Bundles;

/// <summary>Bundles that somebody made who wants to write where a bundle writes nothing.</summary>
[Trait("Category", "Slow")]
public sealed class HostileBundleTests : IAsyncLifetime
{
    private readonly BundleFixture _fixture = BundleFixture.Create();
    private string _bundle = "";

    private Bsroot Target => _fixture.Elsewhere;

    public async ValueTask InitializeAsync() => _bundle = await _fixture.BundleAsync();

    public ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// As text, <c>up/../operators</c> stays in its directory; on disk it goes up from where <c>up</c> leads to.
    /// </summary>
    [Theory]
    [InlineData("www/a/b/ops", "up/../operators")]
    [InlineData("www/a/b/ops", "./up/.././operators")]
    [InlineData("www/a/b/ops", "../b/up/../operators")]
    public async Task A_link_that_goes_up_behind_a_name_is_refused(string name, string target)
    {
        var bundle = Forge("one.tar", links: [("www/a/b/up", "../.."), (name, target)]);
        await RefusesAsync(bundle, $"{name} -> {target} is not allowed in a bundle");
        await RefusesAsync(Forge("alone.tar", links: [(name, target)]), $"{name} -> {target} is not allowed in a bundle");
    }

    [Theory]
    [InlineData("www/up", "www/x", "up/d")]
    [InlineData("www/a/up", "www/x", "a/up/d")]
    [InlineData("www/a/up", "www/b/x", "../a/up/d")]
    public async Task A_link_through_a_link_is_refused(string first, string second, string target)
    {
        var bundle = Forge("one.tar", links: [(first, first == "www/up" ? "static" : "../static"), (second, target)]);
        await RefusesAsync(bundle, $"{second} goes through the link {first}");
    }

    [Fact]
    public async Task A_link_through_one_that_an_earlier_bundle_brought_is_refused()
    {
        await _fixture.LoadAsync(Forge("one.tar", links: [("www/up", "static")]));
        await RefusesAsync(Forge("two.tar", links: [("www/x", "up/d")]), "www/up is a link to static");
        Assert.False(Path.Exists(Target.At("www/x")));
    }

    [Fact]
    public async Task A_file_below_a_link_that_an_earlier_bundle_brought_is_refused()
    {
        await _fixture.LoadAsync(Forge("one.tar", links: [("www/a/up", "../static")]));
        await RefusesAsync(Forge("two.tar", files: [("www/a/up/gift", "x")]), "www/a/up is a link to ../static");
        Assert.False(File.Exists(Target.At("www/static/gift")));
    }

    [Theory]
    [InlineData("/outside")]
    [InlineData("../operators")]
    public async Task A_file_below_a_link_that_leads_anywhere_else_is_refused(string target)
    {
        Directory.CreateDirectory(Target.At("operators"));
        Directory.CreateDirectory(_fixture.At("outside"));
        Directory.CreateDirectory(Target.Www);
        File.CreateSymbolicLink(Target.At("www/a"), target == "/outside" ? _fixture.At("outside") : target);
        await RefusesAsync(Forge("one.tar", files: [("www/a/mallory.admin", "x")]), "www/a is a link to ");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target.At("operators")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.At("outside")));
    }

    /// <summary>Whoever keeps <c>www/</c> on another disk by a link is told to mount it instead.</summary>
    [Fact]
    public async Task A_tree_that_is_a_link_is_refused()
    {
        Directory.CreateDirectory(_fixture.At("outside"));
        Directory.CreateDirectory(Target.Root);
        File.CreateSymbolicLink(Target.Www, _fixture.At("outside"));
        await RefusesAsync(_bundle, "www is a link to ");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.At("outside")));
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_file_is_replaced_and_not_followed()
    {
        Bsroot.Write(_fixture.At("outside"), "mine");
        Directory.CreateDirectory(Target.At("www/static"));
        File.CreateSymbolicLink(Target.At("www/static/motd"), _fixture.At("outside"));
        await _fixture.LoadAsync(_bundle);
        Assert.Equal("mine", BundleFixture.Text(_fixture.At("outside")));
        Assert.Null(new FileInfo(Target.At("www/static/motd")).LinkTarget);
    }

    [Fact]
    public async Task A_directory_in_the_place_of_a_file_or_a_link_is_said_before_anything_changes()
    {
        Directory.CreateDirectory(Target.At("www/static/motd"));
        Directory.CreateDirectory(Target.At("www/stable/current"));
        await RefusesAsync(_bundle, "www/static/motd is a directory");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target.At("www/stable/current")));
        Assert.False(File.Exists(Target.Description));
    }

    [Theory]
    [InlineData("operators/mallory.admin")]
    [InlineData("admin.token")]
    [InlineData("bundle-keys/mallory.gpg")]
    [InlineData("ca.key")]
    [InlineData("etcd-ca.pem")]
    [InlineData("ca.passphrase")]
    [InlineData("tls/52-54-00-00-00-01/node.key")]
    [InlineData("inventory/52-54-00-00-00-01.json")]
    [InlineData("enrolled.json")]
    [InlineData("dnsmasq/leases")]
    [InlineData("registry/docker/x")]
    [InlineData("timeline/x")]
    [InlineData("audit/.git/hooks/post-commit")]
    [InlineData("users/admin.crt")]
    [InlineData("../outside")]
    [InlineData("/outside")]
    [InlineData("www/../ca.key")]
    [InlineData("www/./x")]
    [InlineData("www//x")]
    [InlineData("www/")]
    [InlineData("www/\u001b[2Jx")]
    [InlineData("www/a\nb")]
    [InlineData("www/a\u2028b")]
    [InlineData("www/a\0b")]
    [InlineData("WWW/x")]
    [InlineData("wwwx")]
    public async Task What_a_bundle_writes_is_a_list_and_nothing_else_is_on_it(string name)
    {
        await RefusesAsync(Forge("file.tar", files: [(name, "x")], inArchive: false), "is not allowed in a bundle");
        await RefusesAsync(Forge("link.tar", links: [(name, "x")], inArchive: false), "is not allowed in a bundle");
    }

    /// <summary>Which of the two was proved would be chance.</summary>
    [Fact]
    public async Task What_a_manifest_has_twice_is_refused()
    {
        await RefusesAsync(Forge("files.tar", files: [("www/x", "1"), ("www/x", "2")], inArchive: false), "it has www/x twice");
        await RefusesAsync(
            Forge("links.tar", links: [("www/x", "static"), ("www/x", "stable")], inArchive: false), "it has www/x twice");
        await RefusesAsync(
            Forge("both.tar", files: [("www/x", "1")], links: [("www/x", "static")], inArchive: false), "it has www/x twice");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../operators")]
    [InlineData("../www/../operators")]
    [InlineData("../..")]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task A_link_that_leads_elsewhere_is_refused(string target) =>
        await RefusesAsync(Forge("link.tar", links: [("www/x", target)], inArchive: false), "is not allowed in a bundle");

    [Theory]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.Directory)]
    public async Task What_is_neither_a_file_nor_a_symbolic_link_is_refused(TarEntryType type)
    {
        var forged = _fixture.At("forged.tar");
        Tar.Rewrite(_bundle, forged, entry => entry.Name != "www/static/motd" ? entry
            : type == TarEntryType.HardLink ? new GnuTarEntry(type, entry.Name) { LinkName = "/etc/shadow" }
            : new GnuTarEntry(type, entry.Name));
        await RefusesAsync(forged, "www/static/motd is neither a file nor a symbolic link");
    }

    [Fact]
    public async Task A_name_that_is_in_it_twice_is_refused()
    {
        var forged = _fixture.At("forged.tar");
        Tar.Rewrite(_bundle, forged, entry => entry.Name == "www/beta/current"
            ? new GnuTarEntry(TarEntryType.SymbolicLink, "www/static/motd") { LinkName = "x" }
            : entry);
        await RefusesAsync(forged, "www/static/motd is in ");
    }

    [Fact]
    public async Task Keys_that_are_trusted_are_replaced_only_when_asked()
    {
        _fixture.Put("signing-keys/vendor.asc", "another");
        Bsroot.Write(Target.At("signing-keys/vendor.asc"), "mine");
        Bsroot.Write(Target.At("signing-keys/README"), "of an older version");
        await RefusesAsync(await _fixture.BundleAsync("two.tar"), "signing-keys/vendor.asc is there already and differs");
    }

    private async Task RefusesAsync(string bundle, string reason)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => _fixture.LoadAsync(bundle));
        var said = refusal is BundleException { Problems: var problems }
            ? string.Join('\n', problems)
            : Assert.IsType<InvalidDataException>(refusal).Message;
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    /// <summary>The good bundle with more in it, each in the manifest with its right digest.</summary>
    /// <param name="inArchive">Whether the archive has them too: a tar cannot hold every name.</param>
    private string Forge(
        string name,
        (string Path, string Content)[]? files = null,
        (string Path, string Target)[]? links = null,
        bool inArchive = true)
    {
        var manifest = BundleManifest.Read(Tar.Content(_bundle, BundlePath.Manifest));
        manifest = manifest with
        {
            Files = [.. manifest.Files, .. (files ?? []).Select(file =>
                new BundleFile(file.Path, file.Content.Length, Digest(file.Content)))],
            Links = [.. manifest.Links, .. (links ?? []).Select(link => new BundleLink(link.Path, link.Target))],
        };
        Tar.With(_bundle, _fixture.At(name), BundlePath.Manifest, manifest.ToJson());
        if (inArchive)
        {
            Tar.Append(_fixture.At(name), [
                .. (files ?? []).Select(file => new GnuTarEntry(TarEntryType.RegularFile, file.Path)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file.Content)),
                }),
                .. (links ?? []).Select(link => new GnuTarEntry(TarEntryType.SymbolicLink, link.Path)
                {
                    LinkName = link.Target,
                }),
            ]);
        }

        return _fixture.At(name);
    }

    private static string Digest(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
