using Bootstrapper.Host;

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
    BackgroundHealth health,
    TimeProvider time,
    ILogger<GarbageCollection> logger)
    : BackgroundRounds("collection of the registry's garbage", health, time, logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly GarbageRequest _request = new(bsroot);

    protected override Task OpenAsync(CancellationToken cancellation)
    {
        if (_request.Interrupted() is { } interrupted)
        {
            _request.Answer(new GarbageAnswer(interrupted, Freed: null, "the bootstrapper was ended meanwhile: ask again"));
        }

        return Task.CompletedTask;
    }

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(LookEvery, stopping);

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        if (_request.Take() is { } id)
        {
            _request.Answer(await CollectAsync(id, stopping));
        }
    }

    private async Task<GarbageAnswer> CollectAsync(string id, CancellationToken cancellation)
    {
        using var _ = await turn.TakeAsync(cancellation);
        try
        {
            var freed = await CollectAndReopenAsync(cancellation);
            LogCollected(Logger, freed.Manifests, freed.Blobs, freed.Bytes);
            return new GarbageAnswer(id, freed, Problem: null);
        }
#pragma warning disable CA1031 // Who asked waits for an answer, whatever it is.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(Logger, e);
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
    private static partial void LogCollected(ILogger logger, int manifests, int blobs, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Garbage was not collected")]
    private static partial void LogFailed(ILogger logger, Exception cause);
}
