using Bootstrapper.Host;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Supervision;

public sealed class ServiceGroupTests : SupervisionFixture
{
    private readonly ListeningHost _host = new();

    private string Order => Bsroot.At("order");

    private string[] Noted => File.Exists(Order) ? File.ReadAllLines(Order) : [];

    [Fact]
    public async Task Services_start_in_order_once_we_listen_and_stop_in_reverse()
    {
        var (first, second) = (Supervise(Noting("first")), Supervise(Noting("second")));
        using var group = Group(first, second);
        await group.StartAsync(TestContext.Current.CancellationToken);
        Assert.All(group.Status, status => Assert.Equal(ServiceState.Stopped, status.State));

        _host.Listen();
        await ReachesAsync(second, ServiceState.Ready);
        await group.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["first up", "second up", "second down", "first down"], Noted);
        Assert.All(group.Status, status => Assert.Equal(ServiceState.Stopped, status.State));
    }

    [Fact]
    public async Task A_service_that_never_answers_does_not_keep_the_others_from_starting()
    {
        var mute = Supervise(
            Noting("mute") with { Ready = _ => Task.FromResult(false), ReadyTimeout = TimeSpan.FromMilliseconds(50) });
        var other = Supervise(Noting("other"));
        using var group = await StartAsync(mute, other);

        await ReachesAsync(other, ServiceState.Ready);
        await group.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Only_what_read_a_changed_file_is_restarted_or_told()
    {
        var restarted = Supervise(Noting("restarted") with { RestartOn = ["a.conf"], ReloadOn = ["hosts/"] });
        var told = Supervise(Noting("told") with { RestartOn = ["b.conf"], ReloadOn = ["hosts/", "a.conf"] });
        var untouched = Supervise(Noting("untouched") with { RestartOn = ["hosts", "a"], ReloadOn = ["a.conf/"] });
        using var group = await StartAsync(restarted, told, untouched);
        await ReachesAsync(untouched, ServiceState.Ready);
        var pids = group.Status.Select(status => status.Pid).ToList();

        group.Apply(["a.conf", "hosts/node1"]);

        await Eventually.True(() =>
            restarted.Status is { State: ServiceState.Ready, Restarts: 1 } && Noted.Contains("told reloads"));
        Assert.Equal(pids.Skip(1), group.Status.Skip(1).Select(status => status.Pid));
        Assert.NotEqual(pids[0], group.Status[0].Pid);
        Assert.DoesNotContain("untouched reloads", Noted);
        await group.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stopping_before_we_ever_listened_starts_nothing()
    {
        var only = Supervise(Noting("only"));
        using var group = Group(only);
        await group.StartAsync(TestContext.Current.CancellationToken);
        await group.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(Noted);
    }

    [Fact]
    public async Task A_broken_supervisor_says_so_tries_again_and_leaves_the_others_alone()
    {
        var probes = 0;
        var healthy = Supervise(Noting("healthy"));
        var spec = Noting("broken") with
        {
            Ready = _ => Interlocked.Increment(ref probes) < 3 ? throw new InvalidDataException("probe") : Task.FromResult(true),
            ReadyTimeout = TimeSpan.FromMilliseconds(50),
        };
        var said = new List<string?>();
        var broken = Supervise(spec with { Watch = status => said.Add(status.LastError) });
        using var group = await StartAsync(healthy, broken);

        await ReachesAsync(broken, ServiceState.Ready);

        Assert.Contains("probe", said);
        Assert.Equal(["healthy up"], Noted.Where(line => line.StartsWith("healthy", StringComparison.Ordinal)));
        await group.StopAsync(TestContext.Current.CancellationToken);
        Assert.All(group.Status, status => Assert.Equal(ServiceState.Stopped, status.State));
    }

    private async Task<ServiceGroup> StartAsync(params Supervisor[] children)
    {
        var group = Group(children);
        await group.StartAsync(TestContext.Current.CancellationToken);
        _host.Listen();
        return group;
    }

    private ServiceGroup Group(params Supervisor[] children) =>
        new(children, _host, new BackgroundHealth(), TimeProvider.System, NullLogger<ServiceGroup>.Instance);

    private ServiceSpec Noting(string name)
    {
        var up = Bsroot.At(name + ".up");
        return Shell($"""
            note() ( echo {name} "$1" >> {Order} )
            trap 'note down; exit' TERM
            trap 'note reloads' HUP
            note up; : > {up}
            while :; do sleep 0.05; done
            """, name) with
        { Ready = _ => Task.FromResult(File.Exists(up)) };
    }

    /// <summary>A host that listens when the test says so.</summary>
    private sealed class ListeningHost : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Listen() => _started.Cancel();

        public void Dispose() => _started.Dispose();

        public void StopApplication() => throw new NotSupportedException();
    }
}
