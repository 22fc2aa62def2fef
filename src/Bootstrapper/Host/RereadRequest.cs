namespace Bootstrapper.Host;

/// <summary>That what was read is to be read again, also where it looks as it did.</summary>
internal sealed class RereadRequest
{
    private bool _asked;

    /// <summary>Somebody asks.</summary>
    public event Action? Asked;

    public void Ask()
    {
        Volatile.Write(ref _asked, true);
        Asked?.Invoke();
    }

    /// <returns>Whether somebody asked since the last time.</returns>
    public bool Take() => Interlocked.Exchange(ref _asked, false);
}
