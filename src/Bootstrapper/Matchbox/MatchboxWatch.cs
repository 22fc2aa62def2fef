using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Matchbox;

/// <summary>Looks at the matchbox data directory, and puts what is new and right into force; the first time before anybody is served.</summary>
internal sealed partial class MatchboxWatch(Bsroot bsroot, CurrentMatchbox current, TimeProvider time, ILogger<MatchboxWatch> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly SettledFiles _files = new(() => MatchboxTree.Stamp(bsroot), LookEvery, time);
    private string _applied = "";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Apply(_files.Stamp());
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _files.WatchAsync(
        stamp =>
        {
            Apply(stamp);
            return Task.CompletedTask;
        },
        stoppingToken);

    private void Apply(string stamp)
    {
        if (stamp != _applied)
        {
            _applied = stamp;
            Conclude(Read());
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
