namespace Bootstrapper.Registry;

/// <summary>Who of us may change the registry's content: the preloader or the garbage collection, one at a time.</summary>
internal sealed class RegistryTurn : IDisposable
{
    private readonly SemaphoreSlim _free = new(1);

    /// <returns>To be disposed of when done.</returns>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        return new Taken(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Taken(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
