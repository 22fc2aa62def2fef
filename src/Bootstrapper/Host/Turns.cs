namespace Bootstrapper.Host;

/// <summary>
/// Lets so many of each kind do something at once, and the next in its turn when one of them is done. The limiters of .NET for
/// that look ten times a second whether there is something to do.
/// </summary>
internal sealed class Turns<TKind>(int atOnce)
    where TKind : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKind, (SemaphoreSlim Free, int Users)> _kinds = [];

    /// <returns>To be disposed of when it is done.</returns>
    public async Task<IDisposable> TakeAsync(TKind kind, CancellationToken cancellation)
    {
        var free = Enter(kind);
        try
        {
            await free.WaitAsync(cancellation);
        }
        catch
        {
            Leave(kind);
            throw;
        }

        return new Turn(() =>
        {
            free.Release();
            Leave(kind);
        });
    }

    private SemaphoreSlim Enter(TKind kind)
    {
        lock (_gate)
        {
            var (free, users) = _kinds.TryGetValue(kind, out var known) ? known : (new SemaphoreSlim(atOnce), 0);
            _kinds[kind] = (free, users + 1);
            return free;
        }
    }

    private void Leave(TKind kind)
    {
        lock (_gate)
        {
            var (free, users) = _kinds[kind];
            if (users > 1)
            {
                _kinds[kind] = (free, users - 1);
                return;
            }

            _kinds.Remove(kind);
            free.Dispose();
        }
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
