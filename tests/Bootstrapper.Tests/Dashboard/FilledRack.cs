using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>A rack that tests look at and leave as it is.</summary>
public sealed class FilledRack : IAsyncLifetime
{
    internal TestDaemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var clock = new EarlierClock(TimeSpan.FromHours(3));
        Daemon = await TestDaemon.StartAsync(Rack.Cluster, DashboardTest.Prepare, clock);
        await new Rack(Daemon, clock).FillAsync();
    }

    public ValueTask DisposeAsync() => Daemon.DisposeAsync();
}
