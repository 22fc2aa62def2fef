using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Registry.Tokens;

namespace Bootstrapper.Registry;

/// <summary>
/// Keeps the registry filled with what lies in <c>images/</c>: when it starts to answer, and whenever the directory or the
/// description changes.
/// </summary>
internal sealed partial class Preloader(
    Bsroot bsroot,
    CurrentSnapshot current,
    RegistryClient registry,
    ProgramPassword password,
    PreloadStatus status,
    RegistryTurn turn,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<Preloader> logger)
    : BackgroundRounds("preloading of images", health, time, logger)
{
    /// <summary>
    /// What failed is tried again after a minute, then after two, at last once an hour: it may be the disk that was full.
    /// </summary>
    private static readonly Backoff Retries = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    /// <summary>An image that nodes ask for and no archive has may be pushed by an operator.</summary>
    private static readonly TimeSpan LookForMissing = TimeSpan.FromMinutes(1);

    /// <summary>What is new waits for a registry that does not answer yet.</summary>
    private static readonly TimeSpan LookForRegistry = TimeSpan.FromSeconds(1);

    private readonly SettledFiles _files = new(() => ImageFiles.Stamp(bsroot), () => ImageFiles.Places(bsroot));
    private (string Files, Snapshot Description)? _loaded;
    private int _failures;
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;

    public override void Dispose()
    {
        current.Replaced -= _files.Ring;
        _files.Dispose();
        base.Dispose();
    }

    protected override Task OpenAsync(CancellationToken cancellation)
    {
        current.Replaced += _files.Ring;
        return Task.CompletedTask;
    }

    protected override Task WaitAsync(CancellationToken stopping)
    {
        var now = Time.GetUtcNow();
        return DelayAsync(
            _files, (_files.Stamp, current.Value) == _loaded && _retryAt > now ? _retryAt - now : LookForRegistry, stopping);
    }

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        var now = (Files: _files.Look(), Description: current.Value);
        if (now.Files is not null && (now != _loaded || Time.GetUtcNow() >= _retryAt) && await registry.AnswersAsync(stopping))
        {
            var isNew = now != _loaded;
            _loaded = (now.Files, now.Description);
            await LoadAsync(now.Description, isNew, stopping);
        }
    }

    private async Task LoadAsync(Snapshot snapshot, bool isNew, CancellationToken cancellation)
    {
        var complete = await TryAsync(
            new Preload(bsroot, snapshot.Cluster, registry, password, status, Logger), cancellation);
        if (complete && status.Progress.Total > 0 && (isNew || _failures > 0))
        {
            LogComplete(Logger, status.Progress.Total);
        }

        _failures = complete ? 0 : _failures + 1;
        _retryAt = !complete ? Time.GetUtcNow() + Retries.After(_failures)
            : status.Progress.Missing.Count > 0 ? Time.GetUtcNow() + LookForMissing
            : DateTimeOffset.MaxValue;
    }

    private async Task<bool> TryAsync(Preload round, CancellationToken cancellation)
    {
        using var _ = await turn.TakeAsync(cancellation);
        try
        {
            return await round.RunAsync(cancellation);
        }
#pragma warning disable CA1031 // Whatever it is, it is tried again, and shown among the images until then.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            status.Report(status.Progress with { IsOver = true, Problems = [e.Message] });
            LogBroken(Logger, e);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "All {Images} container images of the archives are in the registry")]
    private static partial void LogComplete(ILogger logger, int images);

    [LoggerMessage(Level = LogLevel.Error, Message = "The container images could not be loaded")]
    private static partial void LogBroken(ILogger logger, Exception cause);
}
