using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Images;

public sealed class ReleaseUpdaterTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly ReleaseStates _states = new();
    private ReleaseFixture _fixture = null!;
    private CurrentSnapshot _current = null!;
    private ReleaseUpdater _updater = null!;
    private volatile bool _isInstalling;

    public async ValueTask InitializeAsync()
    {
        _fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        _fixture.Release("1.0.0");
        _current = new CurrentSnapshot(Snapshot(Sample.Node(1)));
        _updater = new ReleaseUpdater(
            _fixture.Bsroot,
            _fixture.Fetcher,
            _current,
            _states,
            _ => _isInstalling,
            new BackgroundHealth(),
            _clock,
            NullLogger<ReleaseUpdater>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _updater.StopAsync(CancellationToken.None);
        _updater.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_new_release_is_in_force_within_the_interval()
    {
        await StartAsync();
        Assert.Equal("1.0.0", _fixture.InForce());

        _fixture.Release("2.0.0");
        await PassAsync(Interval);
        Assert.Equal("2.0.0", _fixture.InForce());
        Assert.Null(_states.Of("stable")!.Failure);
    }

    [Fact]
    public async Task Nobody_is_asked_more_often_than_was_said()
    {
        await StartAsync();
        var asked = _fixture.Mirror.Requests.Count;
        await PassAsync(Interval / 2);
        Assert.Equal(asked, _fixture.Mirror.Requests.Count);
    }

    [Fact]
    public async Task Every_channel_in_use_is_kept_current_also_one_that_a_new_description_brings()
    {
        _fixture.Release("3.0.0", "beta");
        await StartAsync();
        Assert.False(Directory.Exists(Path.Combine(_fixture.Bsroot.Www, "beta")));

        _current.Replace(Snapshot(Sample.Node(1), Sample.Node(2) with { Channel = "beta" }));
        await PassAsync(ReleaseUpdater.LongestSleep);
        Assert.Equal(("1.0.0", "3.0.0"), (_fixture.InForce(), _fixture.InForce("beta")));
    }

    [Fact]
    public async Task A_release_that_is_refused_changes_nothing_and_is_tried_again()
    {
        await StartAsync();
        _fixture.Release("2.0.0");
        var path = ReleaseFixture.PathOf("2.0.0", ReleaseFixture.Image);
        _fixture.Mirror.Files[path][0] ^= 1;
        await PassAsync(Interval);
        Assert.Equal("1.0.0", _fixture.InForce());
        Assert.Contains("damaged or replaced", _states.Of("stable")!.Failure, StringComparison.Ordinal);

        _fixture.Mirror.Files[path][0] ^= 1;
        await PassAsync(Interval);
        Assert.Equal("2.0.0", _fixture.InForce());
    }

    [Fact]
    public async Task Old_releases_go_when_newer_ones_are_here()
    {
        await StartAsync();
        await ReleaseAsync("2.0.0", "3.0.0");
        Assert.Equal(["2.0.0", "3.0.0", "current"], _fixture.Visible());
    }

    [Fact]
    public async Task What_an_operator_put_there_never_goes()
    {
        Bsroot.Write(Path.Combine(_fixture.Bsroot.Www, "stable/0.9.0/mine"), "mine");
        await StartAsync();
        await ReleaseAsync("2.0.0", "3.0.0");
        Assert.Equal(["0.9.0", "2.0.0", "3.0.0", "current"], _fixture.Visible());
    }

    [Fact]
    public async Task Nothing_goes_while_a_node_is_being_installed()
    {
        _isInstalling = true;
        await StartAsync();
        await ReleaseAsync("2.0.0", "3.0.0");
        Assert.Equal(["1.0.0", "2.0.0", "3.0.0", "current"], _fixture.Visible());

        _isInstalling = false;
        await PassAsync(Interval);
        Assert.Equal(["2.0.0", "3.0.0", "current"], _fixture.Visible());
    }

    [Fact]
    public async Task Who_did_not_ask_for_updates_gets_none()
    {
        _current.Replace(Snapshot(new ReleaseUpdates(), Sample.Node(1)));
        await StartAsync();
        await PassAsync(Interval);
        Assert.Empty(_fixture.Mirror.Requests);
    }

    private async Task ReleaseAsync(params string[] versions)
    {
        foreach (var version in versions)
        {
            _fixture.Release(version);
            await PassAsync(Interval);
        }
    }

    private async Task StartAsync()
    {
        await _updater.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => _clock.Waiting == 1);
    }

    /// <summary>Returns when the loop has done what the time asked for, and waits again.</summary>
    private Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Eventually.True(() => _clock.Waiting == 1);
    }

    private Snapshot Snapshot(params Node[] nodes) =>
        Snapshot(new ReleaseUpdates { Enabled = true, Interval = Interval, Keep = 2 }, nodes);

    private Snapshot Snapshot(ReleaseUpdates updates, params Node[] nodes)
    {
        var os = new OperatingSystemSettings { Mirrors = [_fixture.Mirror.Url], ReleaseUpdates = updates };
        return new Snapshot(Sample.Cluster(nodes) with { Os = os }, _fixture.Bsroot, TemplateSet.Of([]));
    }
}
