using Bootstrapper.Cluster;
using Bootstrapper.Host;
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
    BackgroundHealth health,
    TimeProvider time,
    ILogger<ReleaseUpdater> logger)
    : BackgroundRounds("search for new releases", health, time, logger)
{
    /// <summary>How soon a new description is noticed.</summary>
    internal static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private IReadOnlyList<string> Channels =>
        current.Value.Cluster is { Os.ReleaseUpdates.Enabled: true } cluster ? ChannelsInUse.Of(cluster) : [];

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(UntilNext(), stopping);

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        foreach (var channel in Channels.Where(IsDue))
        {
            await LookAsync(current.Value.Cluster.Os, channel, stopping);
        }
    }

    private bool IsDue(string channel) => Next(channel) <= Time.GetUtcNow();

    private DateTimeOffset Next(string channel) => states.Of(channel)?.Next ?? DateTimeOffset.MinValue;

    private TimeSpan UntilNext()
    {
        var now = Time.GetUtcNow();
        var next = Channels.Select(Next).Append(now + LongestSleep).Min();
        return next > now ? next - now : TimeSpan.Zero;
    }

    private async Task LookAsync(OperatingSystemSettings os, string channel, CancellationToken cancellation)
    {
        try
        {
            var result = await fetcher.FetchAsync(ReleaseOrder.Of(os, channel), Unwatched.Instance, cancellation);
            Conclude(os, channel, failure: null);
            if (result.HasSwitched)
            {
                LogSwitched(Logger, channel, result.Version);
            }

            RemoveOld(os, channel, result.Version);
        }
        catch (ReleaseException failure)
        {
            Conclude(os, channel, failure.Message);
            LogFailed(Logger, channel, ChannelDirectory.Of(bsroot, channel).Current ?? "no release", failure.Message);
        }
        // The other channels are looked at all the same; of this one the reason is shown among the releases.
#pragma warning disable CA1031
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Conclude(os, channel, fault.Message);
            LogBroken(Logger, fault, channel);
        }
    }

    /// <summary>Up to a fifth early, so that many bootstrappers do not ask as one.</summary>
    private void Conclude(OperatingSystemSettings os, string channel, string? failure)
    {
        var now = Time.GetUtcNow();
        states.Set(
            channel, new ReleaseState(now, now + (os.ReleaseUpdates.Interval * (1 - (Random.Shared.NextDouble() / 5))), failure));
    }

    private void RemoveOld(OperatingSystemSettings os, string channel, string inForce)
    {
        var directory = ChannelDirectory.Of(bsroot, channel);
        var old = directory.Fetched.SkipLast(os.ReleaseUpdates.Keep).Where(version => version != inForce).ToList();
        if (old.Count > 0 && isInstalling(channel))
        {
            LogKept(Logger, channel, string.Join(", ", old));
            return;
        }

        foreach (var version in old)
        {
            directory.Remove(version);
            LogRemoved(Logger, channel, version);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Channel}: {Version} is in force from now on")]
    private static partial void LogSwitched(ILogger logger, string channel, string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Channel}: {Version} was removed: newer ones are here")]
    private static partial void LogRemoved(ILogger logger, string channel, string version);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Channel}: {Versions} stay as long as a node of this channel is being installed")]
    private static partial void LogKept(ILogger logger, string channel, string versions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Channel}: {Version} stays in force: {Reason}")]
    private static partial void LogFailed(ILogger logger, string channel, string version, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Channel}: cannot look for a new release")]
    private static partial void LogBroken(ILogger logger, Exception cause, string channel);
}
