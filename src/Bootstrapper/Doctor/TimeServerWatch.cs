using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Doctor;

/// <summary>Looks every minute whether the time servers that machines are told of give the time, for /readyz.</summary>
internal sealed class TimeServerWatch(
    CurrentSnapshot current, BackgroundHealth health, TimeProvider time, ILogger<TimeServerWatch> logger)
    : BackgroundRounds("watch over the time servers", health, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly BackgroundHealth _health = health;
    private bool _hasLooked;

    protected override Task WaitAsync(CancellationToken stopping) =>
        _hasLooked ? DelayAsync(Interval, stopping) : Task.CompletedTask;

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        _hasLooked = true;
        if (await TimeServers.SilentAsync(current.Value.Cluster, stopping) is { Count: > 0 } silent)
        {
            _health.Fail(TimeServers.Name, string.Join("; ", silent.Select(TimeServers.Problem)));
        }
        else
        {
            _health.Succeed(TimeServers.Name);
        }
    }
}
