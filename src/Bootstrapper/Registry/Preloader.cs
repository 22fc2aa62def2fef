using Bootstrapper.InForce;

namespace Bootstrapper.Registry;

/// <summary>
/// Keeps the registry filled with what lies in <c>images/</c>: when it starts to answer, and whenever the directory or the
/// description changes.
/// </summary>
/// <remarks>It looks instead of being told, as the reconciler does: file events get lost on bind mounts.</remarks>
internal sealed partial class Preloader(
    Bsroot bsroot, CurrentSnapshot current, RegistryClient registry, PreloadStatus status, RegistryTurn turn, TimeProvider time, ILogger<Preloader> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), KnockEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>What failed is tried again after a minute, then after two, at last once an hour: it may be the disk that was full.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1), LastRetry = TimeSpan.FromHours(1);

    private int _failures;
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = ImageFiles.Stamp(bsroot);
        (string Files, Snapshot Description)? loaded = null;
        while (!await registry.AnswersAsync(stoppingToken))
        {
            await Task.Delay(KnockEvery, time, stoppingToken);
        }

        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            var now = (Files: ImageFiles.Stamp(bsroot), Description: current.Value);
            var settled = now.Files == seen; // a copy may still be under way
            seen = now.Files;
            if (settled && (now != loaded || time.GetUtcNow() >= _retryAt) && await registry.AnswersAsync(stoppingToken))
            {
                loaded = now;
                await LoadAsync(now.Description, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LoadAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        var complete = await TryAsync(new Preload(bsroot, snapshot.Cluster, registry, status, logger), cancellation);
        _failures = complete ? 0 : _failures + 1;
        _retryAt = complete ? DateTimeOffset.MaxValue : time.GetUtcNow() + RetryAfter(_failures);
        if (complete && status.Progress.Total > 0)
        {
            LogComplete(status.Progress.Total);
        }
    }

    private async Task<bool> TryAsync(Preload round, CancellationToken cancellation)
    {
        using var _ = await turn.TakeAsync(cancellation);
        try
        {
            return await round.RunAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or UnauthorizedAccessException)
        {
            status.Report(status.Progress with { IsOver = true, Problems = [e.Message] });
            LogBroken(e.Message);
            return false;
        }
    }

    private static TimeSpan RetryAfter(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return delay < LastRetry ? delay : LastRetry;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "All {Images} container images of the archives are in the registry")]
    private partial void LogComplete(int images);

    [LoggerMessage(Level = LogLevel.Error, Message = "The container images could not be loaded: {Reason}")]
    private partial void LogBroken(string reason);
}
