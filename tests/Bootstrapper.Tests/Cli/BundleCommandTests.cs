using System.CommandLine;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Bundles;

namespace Bootstrapper.Tests.Cli;

/// <summary>What an operator types before the laptop is closed, and in the rack.</summary>
[Trait("Category", "Slow")]
public sealed class BundleCommandTests : IDisposable
{
    private readonly BundleFixture _fixture = BundleFixture.Create();

    private string Bundle => _fixture.At("rack.tar");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_data_root_is_packed_verified_and_taken_over()
    {
        var (created, said, error) = await RunAsync("create", Bundle, "--bsroot", _fixture.Bsroot.Root);
        Assert.Equal((ExitCode.Success, ""), (created, error));
        Assert.Matches(@"rack\.tar: \d+ files, [0-9.]+ MB, manifest [0-9a-f]{64}; nothing is missing for 2 nodes", said);

        var (verified, whole, _) = await RunAsync("verify", Bundle);
        Assert.Equal(ExitCode.Success, verified);
        Assert.Contains("rack.tar is whole", whole, StringComparison.Ordinal);
        Assert.Contains("nothing is missing for n1, n2", whole, StringComparison.Ordinal);

        var (loaded, news, _) = await RunAsync("load", Bundle, "--bsroot", _fixture.Elsewhere.Root);
        Assert.Equal(ExitCode.Success, loaded);
        Assert.Contains($"are new in {_fixture.Elsewhere.Root}", news, StringComparison.Ordinal);
        Assert.Contains(
            "all of it was already in",
            (await RunAsync("load", Bundle, "--bsroot", _fixture.Elsewhere.Root)).Output,
            StringComparison.Ordinal);
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
        Assert.Contains("is not a tar file, or is cut off", error, StringComparison.Ordinal);
        Assert.Equal(
            ExitCode.MissingInput,
            (await RunAsync("load", _fixture.At("none.tar"), "--bsroot", _fixture.Elsewhere.Root)).ExitCode);
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
