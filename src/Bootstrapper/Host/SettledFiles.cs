namespace Bootstrapper.Host;

/// <summary>
/// Looks at files again and again, and says how they are once nobody is writing any more: when two looks in a row saw the same.
/// It looks instead of being told: file events get lost on bind mounts and network file systems.
/// </summary>
/// <param name="stamp">Another text when any of the files was changed, added or removed (<see cref="FileStamp"/>).</param>
internal sealed class SettledFiles(Func<string> stamp, TimeSpan lookEvery, TimeProvider time)
{
    /// <summary>How they look now; where they cannot be looked at, why: who reads them then meets the same, and can tell.</summary>
    public string Stamp()
    {
        try
        {
            return stamp();
        }
#pragma warning disable CA1031 // Too many open files, a directory that goes while it is read: whatever it is, the next look may be a good one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }

    /// <param name="settled">Told the stamp at each look that saw the same as the one before; it knows what it has seen to.</param>
    public async Task WatchAsync(Func<string, Task> settled, CancellationToken stopping)
    {
        var seen = Stamp();
        while (await PauseAsync(stopping))
        {
            var now = Stamp();
            if (now == seen)
            {
                await settled(now);
            }

            seen = now;
        }
    }

    /// <returns>Whether to go on.</returns>
    private async Task<bool> PauseAsync(CancellationToken stopping)
    {
        await Task.Delay(lookEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }
}
