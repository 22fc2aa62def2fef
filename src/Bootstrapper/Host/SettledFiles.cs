namespace Bootstrapper.Host;

/// <summary>
/// Looks at files again and again, and says how they are once nobody is writing any more: when two looks in a row saw the same.
/// It looks instead of being told: file events get lost on bind mounts and network file systems. A look costs some 0.1 ms.
/// </summary>
/// <param name="stamp">Another text when any of the files was changed, added or removed (<see cref="FileStamp"/>).</param>
internal sealed class SettledFiles(Func<string> stamp)
{
    private static readonly TimeSpan WhileSettled = TimeSpan.FromSeconds(1), WhileWritten = TimeSpan.FromMilliseconds(250);

    private string _seen = Now(stamp);
    private bool _isSettled = true;

    /// <summary>How long to wait with the next look.</summary>
    public TimeSpan Pause => _isSettled ? WhileSettled : WhileWritten;

    /// <summary>
    /// How they looked the last time; where they could not be looked at, why: who reads them then meets the same, and can tell.
    /// </summary>
    public string Stamp => _seen;

    /// <returns>The stamp, when it is that of the look before; <c>null</c> while they are being written.</returns>
    public string? Look()
    {
        var now = Now(stamp);
        _isSettled = now == _seen;
        _seen = now;
        return _isSettled ? now : null;
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
