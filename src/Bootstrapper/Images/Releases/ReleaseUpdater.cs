using Bootstrapper.Cluster;
using Bootstrapper.Images.Downloads;
using Bootstrapper.InForce;

namespace Bootstrapper.Images.Releases;

/// <summary>
/// Looks for new releases of every channel in use, puts them into force, and removes old ones that it fetched: a machine that is
/// installed tomorrow gets tomorrow's release.
/// </summary>
/// <param name="isInstalling">Whether a node of a channel is being installed: then nothing of that channel is removed.</param>
internal sealed partial class ReleaseUpdater(
    Bsroot bsroot,
    ReleaseFetcher fetcher,
    CurrentSnapshot current,
    ReleaseStates states,
    Func<string, bool> isInstalling,
    TimeProvider time,
    ILogger<ReleaseUpdater> logger)
    : BackgroundService
{
    /// <summary>How soon a new description is noticed.</summary>
    internal static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var os = current.Value.Cluster.Os;
            var channels = os.ReleaseUpdates.Enabled ? ChannelsInUse.Of(current.Value.Cluster) : [];
            foreach (var channel in channels.Where(IsDue))
            {
                await LookAsync(os, channel, stoppingToken);
            }

            await Task.Delay(UntilNext(channels), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsDue(string channel) => states.Of(channel) is not { } state || state.Next <= time.GetUtcNow();

    private TimeSpan UntilNext(IReadOnlyList<string> channels)
    {
        var next = channels.Select(channel => states.Of(channel)?.Next)
            .Append(time.GetUtcNow() + LongestSleep).Min()!.Value - time.GetUtcNow();
        return next > TimeSpan.Zero ? next : TimeSpan.Zero;
    }

    private async Task LookAsync(OperatingSystemSettings os, string channel, CancellationToken cancellation)
    {
        try
        {
            var result = await fetcher.FetchAsync(ReleaseOrder.Of(os, channel), Unwatched.Instance, cancellation);
            Conclude(os, channel, failure: null);
            if (result.HasSwitched)
            {
                LogSwitched(channel, result.Version);
            }

            RemoveOld(os, channel, result.Version);
        }
        catch (ReleaseException failure)
        {
            Conclude(os, channel, failure.Message);
            LogFailed(channel, ChannelDirectory.Of(bsroot, channel).Current ?? "no release", failure.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // We are told to stop; the next start goes on where this one was.
        }
    }

    /// <summary>Up to a fifth early, so that many bootstrappers do not ask as one.</summary>
    private void Conclude(OperatingSystemSettings os, string channel, string? failure)
    {
        var now = time.GetUtcNow();
        states.Set(
            channel, new ReleaseState(now, now + (os.ReleaseUpdates.Interval * (1 - (Random.Shared.NextDouble() / 5))), failure));
    }

    private void RemoveOld(OperatingSystemSettings os, string channel, string inForce)
    {
        var directory = ChannelDirectory.Of(bsroot, channel);
        var old = directory.Fetched.SkipLast(os.ReleaseUpdates.Keep).Where(version => version != inForce).ToList();
        if (old.Count > 0 && isInstalling(channel))
        {
            LogKept(channel, string.Join(", ", old));
            return;
        }

        foreach (var version in old)
        {
            directory.Remove(version);
            LogRemoved(channel, version);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Channel}: {Version} is in force from now on")]
    private partial void LogSwitched(string channel, string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Channel}: {Version} was removed: newer ones are here")]
    private partial void LogRemoved(string channel, string version);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Channel}: {Versions} stay as long as a node of this channel is being installed")]
    private partial void LogKept(string channel, string versions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Channel}: {Version} stays in force: {Reason}")]
    private partial void LogFailed(string channel, string version, string reason);
}
