namespace Bootstrapper.Host;

/// <summary>That what was read is to be read again, also where it looks as it did.</summary>
internal sealed class RereadRequest
{
    private bool _asked;

    public void Ask() => Volatile.Write(ref _asked, true);

    /// <returns>Whether somebody asked since the last time.</returns>
    public bool Take() => Interlocked.Exchange(ref _asked, false);
}
