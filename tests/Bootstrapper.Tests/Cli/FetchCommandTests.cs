using Bootstrapper.Cli;
using Bootstrapper.Tests.Images;

namespace Bootstrapper.Tests.Cli;

/// <summary>What an operator types before the rack is there, and reads.</summary>
public sealed class FetchCommandTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>, IAsyncLifetime
{
    private ReleaseFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        _fixture.Release("1.0.0");
        _fixture.Release("3.0.0", "beta");
        Describe(_fixture.Mirror.Url.ToString());
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Every_channel_of_the_description_is_fetched()
    {
        var (exitCode, output, error) = await RunAsync("fetch", "os");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("stable: 1.0.0 is downloaded, verified and in force", output, StringComparison.Ordinal);
        Assert.Contains("beta: 3.0.0 is downloaded, verified and in force", output, StringComparison.Ordinal);
        Assert.Contains($"{ReleaseFixture.Image}: 100 % of 2000 bytes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_channel_and_one_version_can_be_named()
    {
        _fixture.Release("2.0.0");
        var (exitCode, output, _) = await RunAsync("fetch", "os", "--channel", "stable", "--version", "1.0.0");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("stable: 1.0.0", output, StringComparison.Ordinal);
        Assert.Equal(("1.0.0", null), (_fixture.InForce(), _fixture.InForce("beta")));
    }

    [Fact]
    public async Task What_cannot_be_had_is_told_and_the_rest_is_fetched_all_the_same()
    {
        _fixture.Mirror.Files.Remove(ReleaseFixture.PathOf("current", "version.txt"), out _);
        var (exitCode, _, error) = await RunAsync("fetch", "os");
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("stable: error: cannot download ", error, StringComparison.Ordinal);
        Assert.Equal((null, "3.0.0"), (_fixture.InForce(), _fixture.InForce("beta")));
    }

    [Fact]
    public async Task Without_a_signing_key_the_operator_is_told_which_and_where_from()
    {
        File.Delete(Path.Combine(_fixture.Bsroot.SigningKeys, "vendor.asc"));
        var (exitCode, _, error) = await RunAsync("fetch", "os");
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("F88CFEDEFF29A5B4D9523864E25D9AED0593B34A", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CoreOS_without_a_mirror_is_told_that_there_is_no_server_any_more()
    {
        File.Delete(_fixture.Bsroot.Description);
        var (_, _, error) = await RunAsync("fetch", "os", "--os", "coreos");
        Assert.Contains(
            "stable: error: CoreOS's own servers no longer exist: name a mirror as os.base_url", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boot_loaders_need_no_network()
    {
        var (exitCode, output, error) = await RunAsync("fetch", "boot");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("tftpboot/pxelinux.0: pxelinux ", output, StringComparison.Ordinal);
    }

    private void Describe(string mirror) => Bsroot.Write(_fixture.Bsroot.Description, $$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        os: {base_url: ["{{mirror}}"]}
        nodes:
          - {mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y}
          - {mac: "52:54:00:00:00:02", channel: beta}

        """);

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var parsed = CommandLine.Create().Parse([.. arguments, "--bsroot", _fixture.Bsroot.Root]);
        var exitCode = await parsed.InvokeAsync(new() { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
