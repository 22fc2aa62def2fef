using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Bundles;

namespace Bootstrapper.Tests.Bundles;

/// <summary>What becomes of bundles on the way, file by file, and who is told to miss it.</summary>
[Trait("Category", "Slow")]
public sealed class BundleDamageTests : IAsyncLifetime
{
    private readonly BundleFixture _fixture = BundleFixture.Create();
    private string _bundle = "";

    private string Damaged => _fixture.At("damaged.tar");

    public async ValueTask InitializeAsync() => _bundle = await _fixture.BundleAsync();

    public ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Whichever_file_is_removed_is_named_with_the_node_that_needs_it()
    {
        foreach (var name in Tar.Names(_bundle).Except([BundlePath.Manifest], StringComparer.Ordinal))
        {
            Tar.Without(_bundle, Damaged, name);
            var problems = await BundleFixture.VerifyAsync(Damaged);
            Assert.Contains(problems, problem => problem.StartsWith($"{name} is missing", StringComparison.Ordinal)
                && Names(problem, NodeOf(name)));
        }
    }

    [Fact]
    public async Task Nothing_is_believed_of_what_does_not_begin_with_a_manifest()
    {
        Tar.Without(_bundle, Damaged, BundlePath.Manifest);
        Assert.Equal(
            [$"{Damaged} does not begin with manifest.json: it is not a bundle, or not complete"],
            await BundleFixture.VerifyAsync(Damaged));
    }

    /// <summary>Whoever altered a template or the description does not get it rendered.</summary>
    [Theory]
    [InlineData("templates/worker.template", "{{ Unknown.Name }}")]
    [InlineData("cluster-desc.yml", "nodes: [")]
    [InlineData("images/pause.tar", "no archive")]
    public async Task A_file_that_was_altered_is_read_for_its_digest_and_nothing_else(string name, string content)
    {
        Tar.With(_bundle, Damaged, name, Encoding.UTF8.GetBytes(content));
        Assert.StartsWith(
            $"{name} is cut off after {content.Length} of ",
            Assert.Single(await BundleFixture.VerifyAsync(Damaged)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whichever_file_was_altered_is_named_with_the_node_that_needs_it()
    {
        foreach (var name in Tar.Names(_bundle)
            .Where(name => name != BundlePath.Manifest && !name.EndsWith("/current", StringComparison.Ordinal)))
        {
            var content = Tar.Content(_bundle, name);
            content[^1] ^= 1;
            Tar.With(_bundle, Damaged, name, content);
            Assert.Contains(
                await BundleFixture.VerifyAsync(Damaged),
                problem => problem.StartsWith($"{name} was altered", StringComparison.Ordinal) && Names(problem, NodeOf(name)));
        }
    }

    [Fact]
    public async Task Cut_off_anywhere_it_is_not_whole()
    {
        var length = new FileInfo(_bundle).Length;
        for (var cut = 0L; cut < length - 1024; cut += length / 40) // a tar ends with two empty blocks
        {
            File.Copy(_bundle, Damaged, overwrite: true);
            using (var file = File.OpenWrite(Damaged))
            {
                file.SetLength(cut);
            }

            Assert.NotEmpty(await BundleFixture.VerifyAsync(Damaged));
        }
    }

    [Fact]
    public async Task A_file_that_is_taken_out_of_archive_and_manifest_alike_is_still_missed()
    {
        foreach (var name in new[] { "www/stable/1.0.0/flatcar_production_image.bin.bz2.sig", "tftpboot/snponly.efi",
            "images/pause.tar", "www/static/kubernetes/1.35.0/amd64/kubectl", "www/static/motd" })
        {
            var manifest = BundleManifest.Read(Tar.Content(_bundle, BundlePath.Manifest));
            Tar.With(
                _bundle,
                _fixture.At("forged.tar"),
                BundlePath.Manifest,
                (manifest with { Files = [.. manifest.Files.Where(file => file.Path != name)] }).ToJson());
            Tar.Without(_fixture.At("forged.tar"), Damaged, name);
            var problems = await BundleFixture.VerifyAsync(Damaged);
            Assert.Contains(problems, problem => problem.Contains("is missing: needed by n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_file_that_somebody_added_is_told()
    {
        Tar.Rewrite(_bundle, Damaged, entry => entry.Name == "www/static/motd"
            ? new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "www/static/gift")
            : entry);
        var problems = await BundleFixture.VerifyAsync(Damaged);
        Assert.Contains("www/static/gift is not in the manifest: it was added later", problems);
    }

    [Fact]
    public async Task A_description_that_was_exchanged_with_its_digest_is_held_against_what_is_there()
    {
        var text = Encoding.UTF8.GetBytes(BundleFixture.Description.Replace(
            "channel: beta", "channel: alpha", StringComparison.Ordinal));
        var manifest = BundleManifest.Read(Tar.Content(_bundle, BundlePath.Manifest));
        var files = manifest.Files.Select(file => file.Path == BundlePath.Description
            ? file with { Size = text.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(text)) }
            : file);
        Tar.With(_bundle, _fixture.At("forged.tar"), BundlePath.Description, text);
        Tar.With(_fixture.At("forged.tar"), Damaged, BundlePath.Manifest, (manifest with { Files = [.. files] }).ToJson());
        Assert.Contains(await BundleFixture.VerifyAsync(Damaged), problem => problem.StartsWith(
            "www/alpha/current/flatcar_production_image.bin.bz2 is missing: needed by n2", StringComparison.Ordinal));
    }

    /// <summary>Who is installed with it; both where both are.</summary>
    private static string[] NodeOf(string name) => name switch
    {
        _ when name.StartsWith("www/stable/", StringComparison.Ordinal) => ["n1"],
        _ when name.StartsWith("www/beta/", StringComparison.Ordinal) => ["n2"],
        "www/static/motd" => ["n2"],
        _ when name.StartsWith("www/static/kubernetes/", StringComparison.Ordinal) => ["n1"],
        _ => ["n1", "n2"],
    };

    private static bool Names(string problem, string[] nodes) =>
        new[] { "n1", "n2" }.All(node => nodes.Contains(node) == System.Text.RegularExpressions.Regex.IsMatch(
            problem, $@"needed by .*\b{node}\b"));
}
