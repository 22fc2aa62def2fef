using System.CommandLine;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Bundles;
using Bootstrapper.Tests.Images;

namespace Bootstrapper.Tests.Cli;

/// <summary>What an operator types before the laptop is closed, and in the rack.</summary>
[Trait("Category", "Slow")]
public sealed class BundleCommandTests(SigningKeyFixture keys) : IDisposable, IClassFixture<SigningKeyFixture>
{
    private readonly BundleFixture _fixture = BundleFixture.Create();

    private string Bundle => _fixture.At("rack.tar");

    private string Public => _fixture.At("maker.asc");

    private string Secret => _fixture.At("maker.key");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_data_root_is_packed_verified_and_taken_over()
    {
        WriteKeys();
        var (created, said, error) = await RunAsync("create", Bundle, "--key", Secret, "--bsroot", _fixture.Bsroot.Root);
        Assert.Equal((ExitCode.Success, ""), (created, error));
        Assert.Matches(@"rack\.tar: \d+ files, [0-9.]+ MB, manifest [0-9a-f]{64}; nothing is missing for 2 nodes", said);

        var (verified, whole, _) = await RunAsync("verify", Bundle, "--key", Public);
        Assert.Equal(ExitCode.Success, verified);
        Assert.Matches(@"rack\.tar is whole and signed by [0-9A-F]{40} \(Vendor <vendor@example\.com>\): ", whole);
        Assert.Contains("nothing is missing for n1, n2", whole, StringComparison.Ordinal);

        var (loaded, news, _) = await RunAsync("load", Bundle, "--key", Public, "--bsroot", _fixture.Elsewhere.Root);
        Assert.Equal(ExitCode.Success, loaded);
        Assert.Contains($"are new in {_fixture.Elsewhere.Root}", news, StringComparison.Ordinal);
        Assert.Contains(
            "all of it was already in",
            (await RunAsync("load", Bundle, "--bsroot", _fixture.Elsewhere.Root)).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_that_the_first_load_was_given_is_trusted_from_then_on()
    {
        WriteKeys();
        await RunAsync("create", Bundle, "--key", Secret, "--bsroot", _fixture.Bsroot.Root);
        var elsewhere = new[] { "--bsroot", _fixture.Elsewhere.Root };
        var (refused, _, why) = await RunAsync(["load", Bundle, .. elsewhere]);
        Assert.Equal(ExitCode.InvalidInput, refused);
        Assert.Contains("there is no key in bundle-keys/ to check it with", why, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fixture.Elsewhere.Root));

        Assert.Equal(ExitCode.Success, (await RunAsync(["load", Bundle, "--key", Public, .. elsewhere])).ExitCode);
        Assert.Single(Directory.EnumerateFiles(_fixture.Elsewhere.BundleKeys, "*.gpg"));
        Assert.Equal(ExitCode.Success, (await RunAsync(["load", Bundle, .. elsewhere])).ExitCode);
        Assert.Equal(ExitCode.Success, (await RunAsync(["verify", Bundle, .. elsewhere])).ExitCode);
    }

    [Fact]
    public async Task An_unsigned_bundle_is_made_with_a_warning_and_taken_over_only_when_told()
    {
        var (_, _, warning) = await RunAsync("create", Bundle, "--bsroot", _fixture.Bsroot.Root);
        Assert.StartsWith("warning: the bundle is not signed", warning, StringComparison.Ordinal);
        foreach (var command in new[] { "verify", "load" })
        {
            string[] line = [command, Bundle, "--bsroot", _fixture.Elsewhere.Root];
            var (refused, _, why) = await RunAsync(line);
            Assert.Equal(ExitCode.InvalidInput, refused);
            Assert.StartsWith($"error: {Bundle} is not signed: ", why, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_fixture.Elsewhere.Root));
            Assert.Equal(ExitCode.Success, (await RunAsync([.. line, "--allow-unsigned"])).ExitCode);
        }
    }

    [Theory]
    [InlineData("readable", "can be read by others: chmod 600")]
    [InlineData("carried", "lies where the bundle would take it along")]
    [InlineData("public", "write it with 'gpg --export-secret-keys'")]
    public async Task A_key_that_is_not_only_the_makers_signs_nothing(string kind, string reason)
    {
        WriteKeys();
        var key = kind == "carried" ? _fixture.Bsroot.At("www/static/maker.key") : Secret;
        Bsroot.Write(
            key,
            kind == "public" ? keys.Vendor.Public : keys.Vendor.Secret,
            kind == "readable" ? Bsroot.PublicFile : Bsroot.SecretFile);
        var (exitCode, output, error) = await RunAsync("create", Bundle, "--key", key, "--bsroot", _fixture.Bsroot.Root);
        Assert.Equal(ExitCode.InvalidInput, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", output + error, StringComparison.Ordinal);
        Assert.False(File.Exists(Bundle));
    }

    [Fact]
    public async Task A_locked_key_signs_with_the_passphrase_in_the_file_beside_it()
    {
        Bsroot.Write(Secret, SigningKey.Locked("secret words"), Bsroot.SecretFile);
        string[] line = ["create", Bundle, "--key", Secret, "--bsroot", _fixture.Bsroot.Root];
        Assert.Contains("is locked with a passphrase: write it into", (await RunAsync(line)).Error, StringComparison.Ordinal);
        Bsroot.Write(_fixture.At("maker.passphrase"), "secret words\n", Bsroot.SecretFile);
        var (exitCode, output, error) = await RunAsync(line);
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.DoesNotContain("secret words", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_key_is_no_public_one_and_is_copied_nowhere()
    {
        WriteKeys();
        await RunAsync("create", Bundle, "--key", Secret, "--bsroot", _fixture.Bsroot.Root);
        var (exitCode, _, error) = await RunAsync("load", Bundle, "--key", Secret, "--bsroot", _fixture.Elsewhere.Root);
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("no public key in it", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fixture.Elsewhere.Root));
        Assert.Equal(
            ExitCode.MissingInput,
            (await RunAsync("load", Bundle, "--key", _fixture.At("none.asc"), "--bsroot", _fixture.Elsewhere.Root)).ExitCode);
    }

    [Fact]
    public async Task All_that_is_missing_is_listed_at_once()
    {
        _fixture.Remove("tftpboot/snponly.efi");
        _fixture.Remove("www/static/motd");
        var (exitCode, _, error) = await RunAsync("create", Bundle, "--bsroot", _fixture.Bsroot.Root);
        Assert.Equal(ExitCode.InvalidInput, exitCode);
        Assert.Contains(
            "error: tftpboot/snponly.efi is missing: needed by n1 (dnsmasq.conf), n2 (dnsmasq.conf)\n",
            error,
            StringComparison.Ordinal);
        Assert.Contains("error: www/static/motd is missing: needed by n2 (motd.service)\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_programs_own_image_there_is_a_warning_and_how_to_make_it()
    {
        _fixture.Remove("bootstrapper.tar");
        var (exitCode, _, error) = await RunAsync("create", Bundle, "--bsroot", _fixture.Bsroot.Root);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("docker/release.sh --save", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_programs_image_can_be_named()
    {
        BundleFixture.Write(_fixture.At("image.tar"), "another one");
        await RunAsync("create", Bundle, "--bsroot", _fixture.Bsroot.Root, "--image", _fixture.At("image.tar"));
        Assert.Equal("another one"u8, Tar.Content(Bundle, "bootstrapper.tar"));
        Assert.Equal(
            ExitCode.MissingInput,
            (await RunAsync("create", Bundle, "--bsroot", _fixture.Bsroot.Root, "--image", _fixture.At("none.tar"))).ExitCode);
    }

    [Fact]
    public async Task What_is_no_bundle_is_told_so()
    {
        BundleFixture.Write(Bundle, new string('x', 4000));
        var (exitCode, _, error) = await RunAsync("verify", Bundle);
        Assert.Equal(ExitCode.InvalidInput, exitCode);
        Assert.Contains("does not begin with manifest.json: it is not a bundle", error, StringComparison.Ordinal);
        Assert.Equal(
            ExitCode.MissingInput,
            (await RunAsync("load", _fixture.At("none.tar"), "--bsroot", _fixture.Elsewhere.Root)).ExitCode);
    }

    private void WriteKeys()
    {
        Bsroot.Write(Public, keys.Vendor.Public);
        Bsroot.Write(Secret, keys.Vendor.Secret, Bsroot.SecretFile);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var exitCode = await CommandLine.Create().Parse(["bundle", .. arguments]).InvokeAsync(
            configuration, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
