namespace Bootstrapper.Registry;

/// <summary>
/// Collects garbage whenever <c>registry gc</c> asks for it: the registry refuses pushes meanwhile, and goes on answering pulls.
/// </summary>
/// <param name="setReadOnly">Returns when the registry is in that mode and answers.</param>
/// <param name="turn">Keeps the preloader from pushing.</param>
internal sealed partial class GarbageCollection(
    Bsroot bsroot,
    Func<bool, CancellationToken, Task> setReadOnly,
    RegistryTurn turn,
    TimeProvider time,
    ILogger<GarbageCollection> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly GarbageRequest _request = new(bsroot);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_request.Interrupted() is { } interrupted)
        {
            _request.Answer(new GarbageAnswer(interrupted, Freed: null, "the bootstrapper was ended meanwhile: ask again"));
        }

        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_request.Take() is { } id)
            {
                _request.Answer(await CollectAsync(id, stoppingToken));
            }
        }
    }

    private async Task<GarbageAnswer> CollectAsync(string id, CancellationToken cancellation)
    {
        using var _ = await turn.TakeAsync(cancellation);
        try
        {
            var freed = await CollectAndReopenAsync(cancellation);
            LogCollected(freed.Manifests, freed.Blobs, freed.Bytes);
            return new GarbageAnswer(id, freed, Problem: null);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            LogFailed(e.Message);
            return new GarbageAnswer(id, Freed: null, e.Message);
        }
    }

    private async Task<Garbage> CollectAndReopenAsync(CancellationToken cancellation)
    {
        try
        {
            await setReadOnly(true, cancellation);
            return await GarbageCollector.CollectAsync(bsroot, cancellation);
        }
        finally
        {
            if (!cancellation.IsCancellationRequested) // otherwise it stops, and takes pushes when it starts again
            {
                await setReadOnly(false, cancellation);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Garbage collected: {Manifests} manifests without a tag, {Blobs} blobs, {Bytes} bytes")]
    private partial void LogCollected(int manifests, int blobs, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Garbage was not collected: {Reason}")]
    private partial void LogFailed(string reason);
}
