using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Matchbox;

/// <summary>
/// Looks at the matchbox data directory, and puts what is new and right into force; the first time before anybody is served.
/// </summary>
internal sealed partial class MatchboxWatch(
    Bsroot bsroot, CurrentMatchbox current, BackgroundHealth health, TimeProvider time, ILogger<MatchboxWatch> logger)
    : BackgroundRounds("watch on the matchbox directory", health, time, logger)
{
    /// <summary>What could not be read is read again, also where it looks as it did.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly SettledFiles _files = new(() => MatchboxTree.Stamp(bsroot), () => MatchboxTree.Places(bsroot));
    private string _applied = "";

    public override void Dispose()
    {
        _files.Dispose();
        base.Dispose();
    }

    protected override Task OpenAsync(CancellationToken cancellation)
    {
        Apply(_files.Stamp);
        return Task.CompletedTask;
    }

    protected override Task WaitAsync(CancellationToken stopping) =>
        DelayAsync(_files, _files.Stamp == _applied ? TimeSpan.MaxValue : Retry, stopping);

    protected override Task RoundAsync(CancellationToken stopping)
    {
        if (_files.Look() is { } stamp)
        {
            Apply(stamp);
        }

        return Task.CompletedTask;
    }

    private void Apply(string stamp)
    {
        if (stamp == _applied)
        {
            return;
        }

        try
        {
            Conclude(MatchboxReader.Read(bsroot));
            _applied = stamp;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // and look again
            Conclude(new MatchboxReading(null, [Problem.Error("", e.Message) with { File = Bsroot.MatchboxName }]));
        }
    }

    private void Conclude(MatchboxReading reading)
    {
        if (reading.Problems.Count > 0 && reading.Problems.SequenceEqual(current.Rejected))
        {
            return; // that was said
        }

        foreach (var problem in reading.Problems)
        {
            LogProblem(Logger, problem.Format(Bsroot.DescriptionName));
        }

        if (reading.Problems.Count > 0)
        {
            LogRejected(Logger);
        }
        else
        {
            LogInForce(Logger, reading.Directory is null ? "gone" : "in force");
        }

        current.Conclude(reading);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The matchbox directory is not used as it is; what was in force before stays")]
    private static partial void LogRejected(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The matchbox directory is {State}")]
    private static partial void LogInForce(ILogger logger, string state);
}
