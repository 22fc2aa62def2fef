namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// Spills the timeline to disk, a little behind: nobody waits for it, and a kill takes no more than the last moment.
/// </summary>
internal sealed partial class TimelineWriter(
    Timeline timeline, TimelineFiles files, TimeProvider time, ILogger<TimelineWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ((Task)timeline.Unwritten.WaitToReadAsync(stoppingToken).AsTask())
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Gather, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Write();
        }
    }

    private void Write()
    {
        var events = new List<TimelineEvent>();
        while (timeline.Unwritten.TryRead(out var seen))
        {
            events.Add(seen);
        }

        try
        {
            files.Append(events);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogLost(events.Count, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events of the timeline could not be written: {Reason}")]
    private partial void LogLost(int count, string reason);
}
