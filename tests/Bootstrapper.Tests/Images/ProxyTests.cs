using System.Diagnostics;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>
/// A laptop in an office: the way out is a proxy, and only the built program reads its environment as it starts.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ProxyTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>, IAsyncLifetime
{
    private ReleaseFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        _fixture.Release("1.0.0");
        Bsroot.Write(_fixture.Bsroot.Description, """
            bootstrapper: 10.10.10.1
            subnet: 10.10.10.0/24
            iplow: 10.10.10.100
            iphigh: 10.10.10.199
            os: {base_url: "http://mirror.invalid"}
            nodes:
              - {mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y}

            """);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_host_that_only_the_proxy_knows_is_reached_through_it()
    {
        var done = await FetchAsync(("HTTP_PROXY", $"{_fixture.Mirror.Url}"), ("NO_PROXY", ""));
        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Equal("1.0.0", _fixture.InForce());
    }

    [Fact]
    public async Task A_host_that_needs_no_proxy_is_asked_itself()
    {
        var done = await FetchAsync(("HTTP_PROXY", $"{_fixture.Mirror.Url}"), ("NO_PROXY", "mirror.invalid"));
        Assert.Equal(69, done.ExitCode);
        Assert.Empty(_fixture.Mirror.Requests);
    }

    private Task<Tool> FetchAsync(params (string Name, string Value)[] variables)
    {
        var command = new ProcessStartInfo(RunningProgram.FileName, ["fetch", "os", "--bsroot", _fixture.Bsroot.Root]);
        foreach (var name in new[] { "HTTP_PROXY", "http_proxy", "HTTPS_PROXY",
            "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy" })
        {
            command.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            command.Environment[name] = value;
        }

        return Tool.RunAsync(command);
    }
}
