namespace Bootstrapper.Host;

/// <summary>
/// Wakes up who waits for something to happen, whoever sees it happen. For one who waits: what rings meanwhile is not lost.
/// </summary>
internal sealed class Bell
{
    private volatile TaskCompletionSource _rung = Silent();

    /// <summary>Completes when it rings; at once where it has rung since <see cref="Reset"/>.</summary>
    public Task Rung => _rung.Task;

    public void Ring() => _rung.TrySetResult();

    /// <summary>To be called before the look at what happened: what happens after it rings once more.</summary>
    public void Reset()
    {
        if (_rung.Task.IsCompleted)
        {
            _rung = Silent();
        }
    }

    private static TaskCompletionSource Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
