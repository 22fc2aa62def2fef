namespace Bootstrapper.Host;

/// <summary>
/// Work beside the requests, round after round until the program stops. Whatever a round throws ends that round and nothing else:
/// it is logged with its stack and shown at <c>/readyz</c> until a round goes well, and the next one comes after a back-off.
/// </summary>
/// <param name="name">What is done, as <c>/readyz</c> and the log name it.</param>
internal abstract partial class BackgroundRounds(string name, BackgroundHealth health, TimeProvider time, ILogger logger)
    : BackgroundService
{
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Between two looks at files, however urgent: who writes them may stop for a moment.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private bool _isOpen;

    protected TimeProvider Time => time;

    protected ILogger Logger => logger;

    /// <summary>Before anybody is served, the first look at what is there.</summary>
    public sealed override async Task StartAsync(CancellationToken cancellationToken)
    {
        _isOpen = await TryAsync(OpenAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public sealed override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(_ => CloseAsync(), cancellationToken);
    }

    /// <summary>Done before the first round, and before anybody is served; where it fails, again until it goes well.</summary>
    protected virtual Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Returns when there is something to do; a round that failed is followed by a back-off instead.</summary>
    protected abstract Task WaitAsync(CancellationToken stopping);

    protected abstract Task RoundAsync(CancellationToken stopping);

    /// <summary>Done after the last round, when the program stops.</summary>
    protected virtual Task CloseAsync() => Task.CompletedTask;

    protected Task DelayAsync(TimeSpan delay, CancellationToken stopping) => Task.Delay(delay, time, stopping);

    /// <summary>Returns when it rings, or after the longest time. To be followed by a look at what may have happened.</summary>
    protected async Task DelayAsync(TimeSpan longest, Bell bell, CancellationToken stopping)
    {
        await bell.Rung.WaitAsync(longest, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
        bell.Reset();
    }

    /// <summary>Returns when it is time for a look at files, and after the longest time in any case.</summary>
    protected Task DelayAsync(SettledFiles files, TimeSpan longest, CancellationToken stopping)
    {
        var pause = time.UntilNext(files.Pause);
        if (longest < pause)
        {
            pause = longest > ShortestPause ? longest : ShortestPause;
        }

        return files.Bell is { } bell ? DelayAsync(pause, bell, stopping) : DelayAsync(pause, stopping);
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = _isOpen ? 0 : 1; !stoppingToken.IsCancellationRequested;)
        {
            var failed = failures;
            failures = await TryAsync(stopping => NextAsync(failed, stopping), stoppingToken) ? 0 : failed + 1;
        }
    }

    private async Task NextAsync(int failures, CancellationToken stopping)
    {
        await (failures == 0 ? WaitAsync(stopping) : DelayAsync(Retries.After(failures), stopping));
        if (_isOpen)
        {
            await RoundAsync(stopping);
        }
        else
        {
            await OpenAsync(stopping);
            _isOpen = true;
        }

        health.Succeed(name);
    }

    /// <returns>Whether it went well, or was only told to stop.</returns>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken stopping)
    {
        try
        {
            await act(stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, a network that nobody serves is worse.
        catch (Exception e)
#pragma warning restore CA1031
        {
            health.Fail(name, e.Message);
            LogFailed(logger, e, name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Work} failed, and is tried again")]
    private static partial void LogFailed(ILogger logger, Exception cause, string work);
}
