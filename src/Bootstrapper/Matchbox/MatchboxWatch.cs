using Bootstrapper.Cluster;

namespace Bootstrapper.Matchbox;

/// <summary>Looks at the matchbox data directory, and puts what is new and right into force; the first time before anybody is served.</summary>
/// <remarks>It looks instead of being told: file events get lost on bind mounts and network file systems.</remarks>
internal sealed partial class MatchboxWatch(Bsroot bsroot, CurrentMatchbox current, TimeProvider time, ILogger<MatchboxWatch> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private string _applied = "";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Look(before: null);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var seen = _applied; !stoppingToken.IsCancellationRequested;)
        {
            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            seen = Look(before: seen);
        }
    }

    /// <param name="before">What was seen the last time: a copy may still be under way. <c>null</c> to read what is there.</param>
    /// <returns>What is seen now.</returns>
    private string Look(string? before)
    {
        var now = Stamp();
        if (now != _applied && (before is null || before == now))
        {
            _applied = now;
            Conclude(Read());
        }

        return now;
    }

    /// <summary>Of files that cannot be looked at, the reason why.</summary>
    private string Stamp()
    {
        try
        {
            return MatchboxTree.Stamp(bsroot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private MatchboxReading Read()
    {
        try
        {
            return MatchboxReader.Read(bsroot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MatchboxReading(null, [Problem.Error("", e.Message) with { File = Bsroot.MatchboxName }]);
        }
    }

    private void Conclude(MatchboxReading reading)
    {
        foreach (var problem in reading.Problems)
        {
            LogProblem(problem.Format(Bsroot.DescriptionName));
        }

        if (reading.Problems.Count > 0)
        {
            LogRejected();
        }
        else
        {
            LogInForce(reading.Directory is null ? "gone" : "in force");
        }

        current.Conclude(reading);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The matchbox directory is not used as it is; what was in force before stays")]
    private partial void LogRejected();

    [LoggerMessage(Level = LogLevel.Information, Message = "The matchbox directory is {State}")]
    private partial void LogInForce(string state);
}
