using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Registry;

/// <summary>
/// Keeps the registry filled with what lies in <c>images/</c>: when it starts to answer, and whenever the directory or the
/// description changes.
/// </summary>
internal sealed partial class Preloader(
    Bsroot bsroot, CurrentSnapshot current, RegistryClient registry, PreloadStatus status, RegistryTurn turn, TimeProvider time, ILogger<Preloader> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>What failed is tried again after a minute, then after two, at last once an hour: it may be the disk that was full.</summary>
    private static readonly Backoff Retries = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    private int _failures;
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        (string Files, Snapshot Description)? loaded = null;
        return new SettledFiles(() => ImageFiles.Stamp(bsroot), LookEvery, time).WatchAsync(LoadWhatIsNewAsync, stoppingToken);

        async Task LoadWhatIsNewAsync(string files)
        {
            var now = (files, Description: current.Value);
            if ((now != loaded || time.GetUtcNow() >= _retryAt) && await registry.AnswersAsync(stoppingToken))
            {
                loaded = now;
                await LoadAsync(now.Description, stoppingToken);
            }
        }
    }

    private async Task LoadAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        var complete = await TryAsync(new Preload(bsroot, snapshot.Cluster, registry, status, logger), cancellation);
        _failures = complete ? 0 : _failures + 1;
        _retryAt = complete ? DateTimeOffset.MaxValue : time.GetUtcNow() + Retries.After(_failures);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "All {Images} container images of the archives are in the registry")]
    private partial void LogComplete(int images);

    [LoggerMessage(Level = LogLevel.Error, Message = "The container images could not be loaded: {Reason}")]
    private partial void LogBroken(string reason);
}
