using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// Spills the timeline to disk, a little behind: nobody waits for it, and a kill takes no more than the last moment.
/// </summary>
internal sealed partial class TimelineWriter(
    Timeline timeline,
    TimelineFiles files,
    ConsoleFiles consoles,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<TimelineWriter> logger)
    : BackgroundRounds("timeline", health, time, logger)
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        await timeline.Unwritten.WaitToReadAsync(stopping);
        await DelayAsync(Gather, stopping);
    }

    protected override Task RoundAsync(CancellationToken stopping)
    {
        Write();
        return Task.CompletedTask;
    }

    protected override Task CloseAsync() => RoundAsync(CancellationToken.None);

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
            while (timeline.Forgotten.TryDequeue(out var mac))
            {
                files.Remove(mac);
                consoles.Remove(mac);
            }
        }
        catch
        {
            LogLost(Logger, events.Count); // to keep them for a disk that stays full would fill the memory
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events of the timeline are lost")]
    private static partial void LogLost(ILogger logger, int count);
}
