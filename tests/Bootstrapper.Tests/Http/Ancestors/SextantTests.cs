using System.Net;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Ancestors;

/// <summary>
/// sextant's routes, with what its operators put below <c>html/static</c> put below <c>www/static</c>. Node 1 is at 127.0.0.2.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SextantTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        {
            Bsroot.Write(Path.Combine(bsroot.Www, "static/1298.7.0/version.txt"), "COREOS_VERSION=1298.7.0\n");
            Bsroot.Write(Path.Combine(bsroot.Www, "static/addons-config/ingress.yaml"), "kind: Ingress\n");
            File.CreateSymbolicLink(Path.Combine(bsroot.Www, "static/current"), "1298.7.0");
        });
        _node = _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData("/cloud-config/52:54:00:00:00:01", "#cloud-config\n")]
    [InlineData("/static/current/version.txt", "COREOS_VERSION=1298.7.0\n")]
    [InlineData("/static/1298.7.0/version.txt", "COREOS_VERSION=1298.7.0\n")]
    [InlineData("/static/addons-config/ingress.yaml", "kind: Ingress\n")]
    [InlineData("/static/cloud-config/install.sh", "#!/bin/sh\n")]
    public async Task A_machine_of_sextants_finds_what_it_asks(string url, string start) =>
        Assert.StartsWith(start, await _node.GetStringAsync(url, Cancellation), StringComparison.Ordinal);

    [Fact]
    public async Task An_install_script_of_the_operators_own_goes_before_ours()
    {
        Bsroot.Write(Path.Combine(_daemon.Bsroot.Www, "static/cloud-config/install.sh"), "#!/bin/bash\n# mine\n");
        Assert.Equal("#!/bin/bash\n# mine\n", await _node.GetStringAsync("/static/cloud-config/install.sh", Cancellation));
    }

    [Theory]
    [InlineData("/cloud-config/nonsense", HttpStatusCode.BadRequest)] // 500 in sextant
    [InlineData("/cloud-config/52:54:00:00:00:99", HttpStatusCode.NotFound)] // a worker's config in sextant
    [InlineData("/static/nothing", HttpStatusCode.NotFound)]
    [InlineData("/centos/post-script/00-00-00-00-00-00", HttpStatusCode.Gone)]
    public async Task What_is_not_there_is_told_in_one_line(string url, HttpStatusCode status)
    {
        using var answer = await _node.GetAsync(url, Cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.Matches(@"\A# [^\n]+\n\z", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_stranger_is_given_no_install_script()
    {
        using var stranger = _daemon.From(MatchboxFixture.Stranger);
        using var answer = await stranger.GetAsync("/static/cloud-config/install.sh", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
