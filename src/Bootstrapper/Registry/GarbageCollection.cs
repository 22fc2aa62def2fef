namespace Bootstrapper.Registry;

/// <summary>Frees what no tag leads to: the registry refuses pushes meanwhile, and goes on answering pulls.</summary>
/// <param name="setReadOnly">Returns when the registry is in that mode and answers.</param>
/// <param name="turn">Keeps the preloader from pushing.</param>
/// <param name="stopping">Of the program: whoever asked need not wait for the end.</param>
internal sealed partial class GarbageCollection(
    Bsroot bsroot,
    Func<bool, CancellationToken, Task> setReadOnly,
    RegistryTurn turn,
    ILogger<GarbageCollection> logger,
    CancellationToken stopping)
{
    /// <summary>One at a time; a second one waits.</summary>
    /// <exception cref="IOException">It failed; what it freed until then is free.</exception>
    /// <exception cref="InvalidDataException">A manifest in the registry is broken; nothing was freed.</exception>
    /// <exception cref="OperationCanceledException">The program stops.</exception>
    public async Task<Garbage> CollectAsync()
    {
        using var _ = await turn.TakeAsync(stopping);
        try
        {
            var freed = await CollectAndReopenAsync();
            LogCollected(freed.Manifests, freed.Blobs, freed.Bytes);
            return freed;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogFailed(e);
            throw;
        }
    }

    private async Task<Garbage> CollectAndReopenAsync()
    {
        try
        {
            await setReadOnly(true, stopping);
            return await GarbageCollector.CollectAsync(bsroot, stopping);
        }
        finally
        {
            if (!stopping.IsCancellationRequested) // otherwise it stops, and takes pushes when it starts again
            {
                await setReadOnly(false, stopping);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Garbage collected: {Manifests} manifests without a tag, {Blobs} blobs, {Bytes} bytes")]
    private partial void LogCollected(int manifests, int blobs, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Garbage was not collected")]
    private partial void LogFailed(Exception cause);
}
