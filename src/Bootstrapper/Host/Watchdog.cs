using System.Globalization;
using System.Net;
using Microsoft.Extensions.Hosting.Systemd;

namespace Bootstrapper.Host;

/// <summary>
/// Tells the service manager again and again that this program answers (sd_notify(3), <c>WATCHDOG=1</c>): one that does not is
/// killed and started anew. Where no manager waits for that it does nothing, once a day.
/// </summary>
internal sealed class Watchdog(
    ISystemdNotifier manager, IPEndPoint server, BackgroundHealth health, TimeProvider time, ILogger<Watchdog> logger)
    : BackgroundRounds("watchdog", health, time, logger)
{
    /// <summary>How long the manager waits from one time to the next; <c>null</c> where it does not.</summary>
    private readonly TimeSpan? _patience = PatienceOf(
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"));

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly Uri _healthz = new($"http://{server}/healthz");

    /// <summary>Of how long the manager waits, a third each for the pause, for an answer, and for another try.</summary>
    private TimeSpan Pause => _patience / 3 ?? TimeSpan.FromDays(1);

    /// <param name="microseconds">As the manager says it.</param>
    /// <param name="pid">Of the process that it waits for, where it says so: it may be a parent of ours.</param>
    public static TimeSpan? PatienceOf(string? microseconds, string? pid) =>
        ulong.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var wait)
        && wait is > 0 and <= long.MaxValue / TimeSpan.TicksPerMicrosecond
        && (string.IsNullOrEmpty(pid) || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(wait)
            : null;

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(Pause, stopping);

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        if (_patience is null)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(Pause);
        using var answer = await _http.GetAsync(_healthz, limit.Token);
        answer.EnsureSuccessStatusCode();
        manager.Notify(new ServiceState("WATCHDOG=1"));
    }
}
