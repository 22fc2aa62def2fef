namespace Bootstrapper.Host;

/// <summary>
/// Says how files are once nobody is writing any more: when two looks in a row saw the same. It looks when the kernel tells that
/// something happened, and now and then for what the kernel does not know; where it cannot tell, as on a network file system,
/// every second. A look costs some 0.1 ms.
/// </summary>
/// <param name="stamp">Another text when any of the files was changed, added or removed (<see cref="FileStamp"/>).</param>
/// <param name="places">
/// Which files these are now, and the directories that others may come into; <c>null</c> where nobody is to tell.
/// </param>
internal sealed class SettledFiles(Func<string> stamp, Func<IEnumerable<string>>? places = null) : IDisposable
{
    private static readonly TimeSpan WhileTold = TimeSpan.FromSeconds(30), WhileSettled = TimeSpan.FromSeconds(1),
        WhileWritten = TimeSpan.FromMilliseconds(250);

    private readonly Bell _bell = new();
    private FileWatch? _watch;
    private string _seen = Now(stamp);
    private bool _isSettled = true;

    /// <summary>How long to wait with the next look, where it does not ring.</summary>
    public TimeSpan Pause => !_isSettled ? WhileWritten : _watch is { IsTold: true } ? WhileTold : WhileSettled;

    /// <summary>
    /// Rings when it is time for a look; whoever knows another reason for one may ring, too. <c>null</c> while they are being
    /// written: then the next look comes after the pause, whatever happens.
    /// </summary>
    public Bell? Bell => _isSettled ? _bell : null;

    /// <summary>
    /// How they looked the last time; where they could not be looked at, why: who reads them then meets the same, and can tell.
    /// </summary>
    public string Stamp => _seen;

    /// <summary>There is a reason for a look.</summary>
    public void Ring() => _bell.Ring();

    /// <returns>The stamp, when it is that of the look before; <c>null</c> while they are being written.</returns>
    public string? Look()
    {
        Follow();
        var now = Now(stamp);
        _isSettled = now == _seen;
        _seen = now;
        return _isSettled ? now : null;
    }

    public void Dispose() => _watch?.Dispose();

    /// <summary>Before the look, so that nothing happens unseen after it.</summary>
    private void Follow()
    {
        if (places is null)
        {
            return;
        }

        _watch ??= new FileWatch(_bell);
        try
        {
            _watch.Follow(places());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _watch.Follow([]); // a directory that goes while it is read: the next look may be a good one
        }
    }

    private static string Now(Func<string> stamp)
    {
        try
        {
            return stamp();
        }
        // Too many open files, a directory that goes while it is read: whatever it is, the next look may be a good one.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }
}
